import { EDGE_READER, edgeDatabaseSql } from '@troncal/asterisk';
import { SERVICE_NAMES } from '@troncal/contracts';
import { createLogger } from '@troncal/observability';
import { Database, ensureServiceDatabase } from '@troncal/persistence';
import type { SetupSettings } from './settings.js';

const DATABASE = 'troncal';

/** Makes the database and, per service, a schema with its owner and app roles, and Asterisk's reader. Harmless again and again. */
export async function setUpDatabase(settings: SetupSettings, secret: (name: string) => string): Promise<void> {
  const admin = (database: string): string =>
    `postgres://${settings.POSTGRES_USER}:${encodeURIComponent(secret('postgres-password'))}@${settings.POSTGRES_HOST}:${settings.POSTGRES_PORT}/${database}`;
  await withDatabase(admin('postgres'), async (database) => {
    const rows = await database.query('SELECT 1 FROM pg_database WHERE datname = $1', [DATABASE]);
    if (rows.length === 0) await database.run(`CREATE DATABASE ${DATABASE}`);
  });
  const roles = SERVICE_NAMES.map((service) => {
    const schema = service.replaceAll('-', '_');
    // The services are given whole addresses; the roles' passwords are the ones in them.
    const passwordIn = (name: string): string => decodeURIComponent(new URL(secret(`${service}.${name}`)).password);
    return { schema, ownerRole: `${schema}_owner`, ownerPassword: passwordIn('database-owner-url'), appRole: `${schema}_app`, appPassword: passwordIn('database-url') };
  });
  for (const role of roles) await ensureServiceDatabase(admin(DATABASE), role);
  await withDatabase(admin(DATABASE), async (database) => {
    // By default every role may connect to every database; here only those that were given a schema.
    await database.run(`REVOKE ALL ON DATABASE ${DATABASE} FROM PUBLIC`);
    for (const { schema, ownerRole, appRole } of roles) {
      await database.run(`GRANT CONNECT ON DATABASE ${DATABASE} TO ${ownerRole}, ${appRole}`);
      for (const role of [ownerRole, appRole]) await database.run(`ALTER ROLE ${role} IN DATABASE ${DATABASE} SET search_path = ${schema}`);
    }
    for (const statement of edgeDatabaseSql({ database: DATABASE, ownerRole: 'ari_gateway_owner', readerPassword: secret('asterisk-reader-password') })) await database.run(statement);
  });
  console.log(`The database ${DATABASE} has ${roles.length} schemas and the role ${EDGE_READER}.`);
}

async function withDatabase(url: string, work: (database: Database) => Promise<void>): Promise<void> {
  const logger = createLogger({ service: 'setup', level: 'silent' });
  const database = new Database({ url, schema: 'public', logger, applicationName: 'setup', poolSize: 1, connectTimeoutMs: 5_000 });
  try {
    await work(database);
  } finally {
    await database.close();
  }
}
