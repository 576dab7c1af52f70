import { Injectable } from '@nestjs/common';
import { WebhookDisabledV1 } from '@troncal/contracts';
import { Outbox, type Tx } from '@troncal/persistence';
import type { Webhook } from './webhook.js';

/** States that a tenant's system is told no more. */
@Injectable()
export class WebhookPublisher {
  constructor(private readonly outbox: Outbox) {}

  async disabled(tx: Tx, { id, tenant, url, failingSince }: Webhook, reason: string): Promise<void> {
    const host = URL.parse(url)?.host ?? '';
    const data = { webhook: id, host, reason, failingSince: failingSince?.toISOString() ?? null };
    await this.outbox.emit(tx, WebhookDisabledV1, { tenant, subject: id, data });
  }
}
