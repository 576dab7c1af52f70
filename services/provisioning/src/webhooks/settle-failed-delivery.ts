import { Inject, Injectable } from '@nestjs/common';
import { CONFIG, LOGGER } from '@troncal/chassis';
import type { Logger } from '@troncal/observability';
import { Database } from '@troncal/persistence';
import type { ProvisioningConfig } from '../config.js';
import { DeliveryRepository, type ClaimedDelivery } from './deliveries.repository.js';
import type { SendOutcome } from './send-webhook.js';
import { nextWaitMs } from './webhook.js';
import { WebhookPublisher } from './webhooks.publisher.js';
import { WebhookRepository } from './webhooks.repository.js';

/**
 * What follows from a failed try: another one later; or, after the last of them, none, and the webhook is switched off when it took nothing
 * else meanwhile. One that says it is gone (410) is switched off at once.
 */
@Injectable()
export class SettleFailedDelivery {
  constructor(
    private readonly db: Database,
    private readonly deliveries: DeliveryRepository,
    private readonly webhooks: WebhookRepository,
    private readonly publisher: WebhookPublisher,
    @Inject(CONFIG) private readonly config: ProvisioningConfig,
    @Inject(LOGGER) private readonly logger: Logger,
  ) {}

  async run(claimed: ClaimedDelivery, { reason, status, gone }: Extract<SendOutcome, { delivered: false }>): Promise<void> {
    const wait = gone ? undefined : nextWaitMs(this.config.WEBHOOK_RETRY_SECONDS, claimed.attempts);
    if (wait !== undefined) {
      await this.deliveries.failed(claimed, reason, status, wait);
      return;
    }
    await this.db.transaction(async (tx) => {
      await this.deliveries.givenUp(tx, claimed, reason, status);
      const tried = `${String(claimed.attempts)} tries of an event failed, and it took nothing else meanwhile; at last ${reason}`;
      const why = gone ? 'it answered 410: it wants no more' : tried;
      const disabled = await this.webhooks.disable(tx, claimed.webhook, why, gone ? null : claimed.createdAt);
      if (!disabled) return;
      await this.publisher.disabled(tx, disabled, why);
      this.logger.warn({ webhook: claimed.webhook, tenant: claimed.tenant, reason: why }, 'a webhook was switched off');
    });
  }
}
