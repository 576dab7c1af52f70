import { Module } from '@nestjs/common';
import { CONFIG } from '@troncal/chassis';
import { parseKeyRing } from '@troncal/persistence';
import type { ProvisioningConfig } from '../config.js';
import { DeliverWebhooks } from './deliver-webhooks.js';
import { DeliveryRepository } from './deliveries.repository.js';
import { PgDeliveryRepository } from './deliveries.repository.pg.js';
import { OnAnyEvent } from './on-any-event.consumer.js';
import { ResealWebhooks } from './reseal-webhooks.js';
import { SettleFailedDelivery } from './settle-failed-delivery.js';
import { WebhookDesk } from './webhook-desk.js';
import { WebhookSecrets } from './webhook-secrets.js';
import { WebhooksController } from './webhooks.controller.js';
import { WebhookPublisher } from './webhooks.publisher.js';
import { WebhookRepository } from './webhooks.repository.js';
import { PgWebhookRepository } from './webhooks.repository.pg.js';

/** Tenants' own systems are told of their events. */
@Module({
  controllers: [WebhooksController],
  providers: [
    { provide: WebhookRepository, useClass: PgWebhookRepository },
    { provide: DeliveryRepository, useClass: PgDeliveryRepository },
    { provide: WebhookSecrets, inject: [CONFIG], useFactory: (config: ProvisioningConfig) => new WebhookSecrets(parseKeyRing(config.CREDENTIALS_KEY)) },
    WebhookPublisher,
    SettleFailedDelivery,
    DeliverWebhooks,
    WebhookDesk,
    OnAnyEvent,
    ResealWebhooks,
  ],
})
export class WebhooksModule {}
