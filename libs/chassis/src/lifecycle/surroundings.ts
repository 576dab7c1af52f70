import type { ServiceName } from '@troncal/contracts';
import { newId, systemClock, type Clock } from '@troncal/kernel';
import { Bus, DEFAULT_LIMITS, JetStreamPublisher, StreamProvisioner, type ConsumerSurroundings } from '@troncal/messaging';
import { createLogger, Health, Metrics, openTracing, traceSettings, type Logger } from '@troncal/observability';
import { Database, DeadLetters, IdempotencyStore, Inbox, observeDeadLetters, observeOutbox, observePool, Outbox, OutboxRelay } from '@troncal/persistence';
import type { BaseConfig } from '../base-env.js';
import { Housekeeping } from './housekeeping.js';
import { Schema } from './schema.js';

/** Database connections that stay open: enough for a call or a request that comes alone. */
const KEEP_OPEN = 2;

/** What one service stands on. Nothing of it is shared: several services may live in one process. */
export interface Surroundings extends ConsumerSurroundings {
  readonly clock: Clock;
  readonly db: Database;
  readonly schema: Schema;
  readonly outbox: Outbox;
  readonly relay: OutboxRelay;
  readonly idempotency: IdempotencyStore;
}

export interface SurroundingsOptions {
  readonly name: ServiceName;
  /** PostgreSQL schema. */
  readonly schema: string;
  /** Folder of the service's migrations. */
  readonly migrations: string;
  readonly config: BaseConfig;
  readonly logger?: Logger;
  readonly ackWaitMs?: number;
  readonly inFlightMs?: number;
}

/** Builds and starts everything around the application; returns before any of it is connected. */
export async function surround(options: SurroundingsOptions): Promise<{ readonly around: Surroundings; close(): Promise<void> }> {
  const { name, config } = options;
  const logger = options.logger ?? createLogger({ service: name, level: config.LOG_LEVEL });
  const metrics = new Metrics(name, { process: config.PROCESS_METRICS });
  const tracing = traceSettings(name, config);
  const spans = tracing && (await openTracing(tracing, metrics, logger));
  const health = new Health();
  const db = new Database({ url: config.DATABASE_URL, schema: options.schema, logger, applicationName: name, poolSize: config.DATABASE_POOL_SIZE, keepOpen: Math.min(KEEP_OPEN, config.DATABASE_POOL_SIZE) });
  const bus = new Bus({ url: config.NATS_URL, user: config.NATS_USER, password: config.NATS_PASSWORD, logger });
  const schema = new Schema(db, migrationsOf(options, logger), logger);
  const relay = new OutboxRelay(db, new JetStreamPublisher(bus, { spans }), { logger });
  const limits = {
    ...DEFAULT_LIMITS,
    maxBytes: config.NATS_STREAM_MAX_BYTES,
    maxAgeMs: config.NATS_STREAM_MAX_AGE_DAYS * 86_400_000,
    replicas: config.NATS_STREAM_REPLICAS,
  };
  const streams = new StreamProvisioner(bus, name, limits, logger);
  const inbox = new Inbox(db);
  const deadLetters = new DeadLetters(db);
  const idempotency = new IdempotencyStore(db, options.inFlightMs);
  // Longer than the streams keep events: a consumer made anew is given all of them again.
  const housekeeping = new Housekeeping([() => inbox.clean(limits.maxAgeMs * 1.5), () => idempotency.clean(), () => deadLetters.clean(limits.maxAgeMs)], logger);

  health.add('database', () => schema.health());
  health.add('bus', () => bus.health());
  health.add('streams', () => streams.health());
  observeOutbox(db, metrics);
  observePool(db, metrics);
  metrics.gauge('troncal_bus_connected_state', (connected) => connected.set(bus.connected ? 1 : 0));
  observeDeadLetters(deadLetters, metrics);

  schema.start();
  bus.start();
  streams.start();
  void schema.ready().then(() => {
    relay.start();
    housekeeping.start();
    // Its failure is no news: whoever needs the database hears of it.
    void db.warm().catch(() => {});
    bus.onConnected(() => void relay.retryNow().catch(() => {}));
  });
  const around: Surroundings = {
    service: name,
    replica: newId().toLowerCase(),
    clock: systemClock,
    logger,
    metrics,
    health,
    db,
    schema,
    bus,
    relay,
    inbox,
    deadLetters,
    idempotency,
    outbox: new Outbox(name, () => relay.wake(), { spans }),
    ...(spans && { spans }),
    startWhen: schema.ready(),
    // Two connections are left for HTTP requests and commands.
    maxAtWork: Math.max(1, config.DATABASE_POOL_SIZE - 2),
    lateAfterMs: config.CONSUMER_LATE_SECONDS * 1000,
    ...(options.ackWaitMs !== undefined && { ackWaitMs: options.ackWaitMs }),
  };
  const close = async (): Promise<void> => {
    await Promise.all([schema.stop(), streams.stop(), housekeeping.stop(), relay.stop()]);
    await bus.close();
    await db.close();
    await spans?.close();
  };
  return { around, close };
}

function migrationsOf({ name, schema, migrations, config }: SurroundingsOptions, logger: Logger): ConstructorParameters<typeof Schema>[1] {
  if (config.DATABASE_OWNER_URL === undefined) return undefined;
  const appRole = decodeURIComponent(new URL(config.DATABASE_URL).username);
  return { ownerUrl: config.DATABASE_OWNER_URL, schema, appRole, sets: [{ set: name, folder: migrations }], logger };
}
