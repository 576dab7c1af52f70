import { Injectable } from '@nestjs/common';
import { EVENTS, FORWARDERS, TenantDeletedV1, type EventDefinition, type EventOf } from '@troncal/contracts';
import { ConsumesEvents, type Delivery } from '@troncal/messaging';
import { DeliverWebhooks } from './deliver-webhooks.js';
import { DeliveryRepository } from './deliveries.repository.js';
import { bodyOf, patternsFor } from './webhook.js';
import { WebhookRepository } from './webhooks.repository.js';

const [FIRST, ...REST] = EVENTS as readonly [EventDefinition, ...EventDefinition[]];
const DOMAIN_OF = new Map(EVENTS.map(({ type, domain }) => [type, domain]));

/** Queues every event for the webhooks of its tenant that want it, in the transaction that records it as seen. A tenant that is deleted is told no more. */
@Injectable()
export class OnAnyEvent {
  constructor(
    private readonly deliveries: DeliveryRepository,
    private readonly webhooks: WebhookRepository,
    private readonly deliver: DeliverWebhooks,
  ) {}

  @ConsumesEvents([FIRST, ...REST], { handler: FORWARDERS.provisioning ?? 'webhooks' })
  async handle(event: EventOf<unknown>, { tx }: Delivery): Promise<void> {
    if (event.type === TenantDeletedV1.type) {
      await this.webhooks.removeAllOf(tx, event.tenantid);
      return;
    }
    const patterns = patternsFor(DOMAIN_OF.get(event.type) ?? '', event.type);
    const { id, tenantid, type, time } = event;
    const queued = await this.deliveries.queue(tx, { id, tenant: tenantid, type, time: new Date(time), body: bodyOf(event), patterns });
    if (queued > 0) tx.onCommit(() => this.deliver.wake());
  }
}
