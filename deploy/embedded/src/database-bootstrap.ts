import { SERVICE_NAMES, type ServiceName } from '@troncal/contracts';
import { createLogger } from '@troncal/observability';
import { Database, ensureServiceDatabase } from '@troncal/persistence';
import type { Secrets } from './secrets.js';

export const DATABASE = 'troncal';

/** Addresses of one service's two roles. */
export interface ServiceUrls {
  readonly owner: string;
  readonly app: string;
}

export const schemaOf = (service: string): string => service.replaceAll('-', '_');

/** `postgres://…` of the superuser. */
export function adminUrl(port: number, secrets: Secrets, database = DATABASE): string {
  return address(port, 'postgres', secrets, database);
}

/** The addresses a service is given. */
export function serviceUrls(port: number, service: ServiceName, secrets: Secrets): ServiceUrls {
  return { owner: address(port, `${schemaOf(service)}_owner`, secrets), app: address(port, `${schemaOf(service)}_app`, secrets) };
}

/** The name under which a role's password is kept among the secrets. */
export const databaseSecret = (role: string): string => `database.${role}`;

function address(port: number, role: string, secrets: Secrets, database = DATABASE): string {
  return `postgres://${role}:${secrets.of(databaseSecret(role))}@127.0.0.1:${port}/${database}`;
}

/** Makes the database, and per service a schema, an owner role and an app role. Idempotent: runs at every start. */
export async function bootstrapDatabase(port: number, secrets: Secrets, edgeSql: readonly string[]): Promise<void> {
  await withDatabase(adminUrl(port, secrets, 'postgres'), async (database) => {
    const rows = await database.query('SELECT 1 FROM pg_database WHERE datname = $1', [DATABASE]);
    if (rows.length === 0) await database.run(`CREATE DATABASE ${DATABASE}`);
  });
  for (const service of SERVICE_NAMES) {
    const schema = schemaOf(service);
    const [ownerRole, appRole] = [`${schema}_owner`, `${schema}_app`];
    const [ownerPassword, appPassword] = [secrets.of(databaseSecret(ownerRole)), secrets.of(databaseSecret(appRole))];
    await ensureServiceDatabase(adminUrl(port, secrets), { schema, ownerRole, ownerPassword, appRole, appPassword });
  }
  await withDatabase(adminUrl(port, secrets), async (database) => {
    // By default every role may connect to every database and make temporary tables; here only those that were given a schema.
    await database.run(`REVOKE ALL ON DATABASE ${DATABASE} FROM PUBLIC`);
    for (const service of SERVICE_NAMES) {
      const schema = schemaOf(service);
      await database.run(`GRANT CONNECT ON DATABASE ${DATABASE} TO ${schema}_owner, ${schema}_app`);
      for (const role of [`${schema}_owner`, `${schema}_app`]) await database.run(`ALTER ROLE ${role} IN DATABASE ${DATABASE} SET search_path = ${schema}`);
    }
    for (const statement of edgeSql) await database.run(statement);
  });
}

async function withDatabase(url: string, work: (database: Database) => Promise<void>): Promise<void> {
  const logger = createLogger({ service: 'launcher', level: 'silent' });
  const database = new Database({ url, schema: 'public', logger, applicationName: 'launcher', poolSize: 1, connectTimeoutMs: 5_000 });
  try {
    await work(database);
  } finally {
    await database.close();
  }
}
