import { Module, type DynamicModule } from '@nestjs/common';
import { Health, Metrics, Telemetry } from '@troncal/observability';
import { Database, IdempotencyStore, Inbox, Outbox, OutboxRelay } from '@troncal/persistence';
import { HealthController } from '../http/health.controller.js';
import { MetricsController } from '../http/metrics.controller.js';
import { CLOCK, CONFIG, LOGGER } from '../tokens.js';
import { Schema } from './schema.js';
import type { Surroundings } from './surroundings.js';

/** `Database`, `Outbox`, `Inbox`, `IdempotencyStore` and `Schema` to inject, everywhere. */
@Module({})
export class PersistenceModule {
  static register({ db, outbox, inbox, relay, idempotency, schema }: Surroundings): DynamicModule {
    const providers = [
      { provide: Database, useValue: db },
      { provide: Outbox, useValue: outbox },
      { provide: OutboxRelay, useValue: relay },
      { provide: Inbox, useValue: inbox },
      { provide: IdempotencyStore, useValue: idempotency },
      { provide: Schema, useValue: schema },
    ];
    return { module: PersistenceModule, global: true, providers, exports: providers };
  }
}

/** `LOGGER`, `CLOCK`, `CONFIG`, `Metrics`, `Telemetry` and `Health` to inject, everywhere; the health and metrics addresses. */
@Module({})
export class ObservabilityModule {
  static register({ logger, clock, metrics, spans, health }: Surroundings, config: unknown): DynamicModule {
    const providers = [
      { provide: CONFIG, useValue: config },
      { provide: LOGGER, useValue: logger },
      { provide: CLOCK, useValue: clock },
      { provide: Metrics, useValue: metrics },
      { provide: Telemetry, useValue: new Telemetry(metrics, spans) },
      { provide: Health, useValue: health },
    ];
    return { module: ObservabilityModule, global: true, controllers: [HealthController, MetricsController], providers, exports: providers };
  }
}
