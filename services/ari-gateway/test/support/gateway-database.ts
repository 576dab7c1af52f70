import { fileURLToPath } from 'node:url';
import { createLogger } from '@troncal/observability';
import { Database, migrate, Outbox } from '@troncal/persistence';
import { createEdgeDatabase, type PostgresServer } from '@troncal/testing';
import { CallEventsPublisher } from '../../src/calls/call-events.publisher.js';
import { PgCallRepository } from '../../src/calls/call.repository.pg.js';

export const silent = createLogger({ service: 'spec', level: 'silent' });

/** A migrated database of the gateway, and its repository as the service has it. */
export interface GatewayDatabase {
  readonly db: Database;
  readonly calls: PgCallRepository;
}

export async function openGatewayDatabase(postgres: PostgresServer): Promise<GatewayDatabase> {
  const target = await createEdgeDatabase(postgres);
  const folder = fileURLToPath(new URL('../../migrations/', import.meta.url));
  await migrate({ ownerUrl: target.ownerUrl, schema: target.schema, appRole: target.appRole, sets: [{ set: 'ari-gateway', folder }], logger: silent });
  const db = new Database({ url: target.appUrl, schema: target.schema, logger: silent, applicationName: 'spec', connectTimeoutMs: 1_000 });
  return { db, calls: new PgCallRepository(db, new CallEventsPublisher(new Outbox('ari-gateway'))) };
}
