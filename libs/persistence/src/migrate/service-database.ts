import pg from 'pg';

/** The two database roles of a service and its schema. */
export interface ServiceDatabase {
  readonly schema: string;
  readonly ownerRole: string;
  readonly ownerPassword: string;
  /** Reads and writes rows; owns nothing. */
  readonly appRole: string;
  readonly appPassword: string;
}

/**
 * Creates schema and roles of one service if they are not there, and sets the passwords. Idempotent. No other service's role gets
 * anything on them.
 * @param adminUrl a superuser (or CREATEROLE and CREATE on the database), connected to the right database
 */
export async function ensureServiceDatabase(adminUrl: string, service: ServiceDatabase): Promise<void> {
  const client = new pg.Client({ connectionString: adminUrl, connectionTimeoutMillis: 5_000 });
  // The next statement rejects and tells; an 'error' event without a listener would end the process.
  client.on('error', () => {});
  await client.connect();
  try {
    await client.query("SELECT pg_advisory_lock(hashtextextended('troncal.roles', 0))");
    await ensureRole(client, service.ownerRole, service.ownerPassword);
    await ensureRole(client, service.appRole, service.appPassword);
    const [schema, owner, app] = [service.schema, service.ownerRole, service.appRole].map((name) => pg.escapeIdentifier(name));
    // GRANT … TO CURRENT_USER: only a member of the new owner may give the schema to it, unless superuser.
    await client.query(`GRANT ${owner} TO CURRENT_USER; CREATE SCHEMA IF NOT EXISTS ${schema} AUTHORIZATION ${owner}; GRANT USAGE ON SCHEMA ${schema} TO ${app}`);
  } finally {
    await client.end();
  }
}

async function ensureRole(client: pg.Client, role: string, password: string): Promise<void> {
  const { rowCount } = await client.query('SELECT 1 FROM pg_roles WHERE rolname = $1', [role]);
  const verb = rowCount ? 'ALTER' : 'CREATE';
  await client.query(`${verb} ROLE ${pg.escapeIdentifier(role)} LOGIN NOSUPERUSER NOCREATEDB NOCREATEROLE PASSWORD ${pg.escapeLiteral(password)}`);
}
