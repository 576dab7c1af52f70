import { Bus, DEFAULT_LIMITS, JetStreamPublisher, StreamProvisioner } from '@troncal/messaging';
import type { Logger, SpanMaker } from '@troncal/observability';
import { Database, migrate, Outbox, OutboxRelay } from '@troncal/persistence';
import type { NatsServer, PostgresServer } from '@troncal/testing';

/** The product's way of a fact to the bus: stated in a transaction, carried by the relay, marked when JetStream has confirmed it. */
export interface OutboxWay {
  readonly db: Database;
  readonly outbox: Outbox;
  close(): Promise<void>;
}

/** As ari-gateway has it, on a database of its own. Resolves when the bus is connected. */
export async function openOutboxWay(nats: NatsServer, postgres: PostgresServer, logger: Logger, spans?: SpanMaker): Promise<OutboxWay> {
  const database = await postgres.createDatabase('ari-gateway');
  await migrate({ ownerUrl: database.ownerUrl, schema: database.schema, appRole: database.appRole, sets: [], logger });
  const db = new Database({ url: database.appUrl, schema: database.schema, logger, applicationName: 'bench', poolSize: 10 });
  const bus = new Bus({ ...nats.login('ari-gateway'), logger });
  new StreamProvisioner(bus, 'ari-gateway', DEFAULT_LIMITS, logger).start();
  bus.start();
  await bus.connection();
  const relay = new OutboxRelay(db, new JetStreamPublisher(bus, { spans }), { logger });
  relay.start();
  return {
    db,
    outbox: new Outbox('ari-gateway', () => relay.wake(), { spans }),
    close: async () => {
      await relay.stop();
      await bus.close();
      await db.close();
    },
  };
}
