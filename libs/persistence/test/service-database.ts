import { createLogger } from '@troncal/observability';
import { Database, migrate } from '@troncal/persistence';
import { sharedPostgres, type PostgresServer, type TestDatabase } from '@troncal/testing';

export const silent = createLogger({ service: 'spec', level: 'silent' });

export interface ServiceDatabase {
  readonly db: Database;
  readonly test: TestDatabase;
  readonly close: () => Promise<void>;
}

/** A fresh database with this library's tables, and a pool on it as the app role. */
export async function openServiceDatabase(service = 'ticketing', server?: PostgresServer): Promise<ServiceDatabase> {
  const test = await (server ?? (await sharedPostgres())).createDatabase(service);
  await migrate({ ownerUrl: test.ownerUrl, schema: test.schema, appRole: test.appRole, sets: [], logger: silent });
  const db = new Database({ url: test.appUrl, schema: test.schema, logger: silent, applicationName: 'spec', connectTimeoutMs: 10_000 });
  return { db, test, close: () => db.close() };
}
