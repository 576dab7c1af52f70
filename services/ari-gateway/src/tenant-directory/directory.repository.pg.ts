import { crashPoint } from '@troncal/config';
import type { Database, Queryable, Tx } from '@troncal/persistence';
import type { DirectoryRepository, MissingDigest, StoredDigest } from './directory.repository.js';
import type { DirectoryChange, EndpointFacts, NumberFacts, RouteFacts, TenantFacts } from './directory-facts.js';

const TENANT = 'tenant, name, country, language, time_zone AS "timeZone", suspended, revision';
const ENDPOINT = 'tenant, extension, sip_user AS "sipUser", display_name AS "displayName", role, queues, enabled, revision, credential_revision AS "credentialRevision"';

/** The tenant directory in PostgreSQL, which Asterisk reads through the views of schema `edge`. */
export class PgDirectoryRepository implements DirectoryRepository {
  constructor(private readonly db: Database) {}

  async all(): Promise<DirectoryChange[]> {
    const [tenants, numbers, routes, endpoints] = await Promise.all([
      this.db.query<TenantFacts>(`SELECT ${TENANT} FROM tenants WHERE NOT removed`),
      this.db.query<NumberFacts>('SELECT number, tenant, route, revision FROM numbers WHERE NOT removed'),
      this.db.query<RouteFacts>('SELECT tenant, code, route, revision FROM routes WHERE NOT removed'),
      this.db.query<EndpointFacts>(`SELECT ${ENDPOINT} FROM endpoints WHERE NOT removed`),
    ]);
    return [
      ...tenants.map((facts) => ({ kind: 'tenant', facts }) as const),
      ...numbers.map((facts) => ({ kind: 'number', facts }) as const),
      ...routes.map((facts) => ({ kind: 'route', facts }) as const),
      ...endpoints.map((facts) => ({ kind: 'endpoint', facts }) as const),
    ];
  }

  async apply(tx: Tx, change: DirectoryChange): Promise<boolean> {
    switch (change.kind) {
      case 'tenant':
        return putTenant(tx, change.facts);
      case 'tenant_suspended':
        return touched(tx, 'UPDATE tenants SET suspended = true, revision = $2, updated_at = now() WHERE tenant = $1 AND revision < $2', [change.tenant, change.revision]);
      case 'tenant_removed':
        return removeTenant(tx, change.tenant, change.revision);
      case 'number':
        return putNumber(tx, change.facts);
      case 'number_removed':
        return touched(tx, 'UPDATE numbers SET removed = true, revision = $3, updated_at = now() WHERE number = $1 AND tenant = $2 AND revision < $3', [change.number, change.tenant, change.revision]);
      case 'route':
        return putRoute(tx, change.facts);
      case 'route_removed':
        return touched(tx, 'UPDATE routes SET removed = true, revision = $3, updated_at = now() WHERE tenant = $1 AND code = $2 AND revision < $3', [change.tenant, change.code, change.revision]);
      case 'endpoint':
        return putEndpoint(tx, change.facts);
      case 'endpoint_removed':
        return touched(tx, 'UPDATE endpoints SET removed = true, ha1 = NULL, ha1_revision = 0, revision = $3, updated_at = now() WHERE tenant = $1 AND extension = $2 AND revision < $3', [
          change.tenant, change.extension, change.revision,
        ]);
      case 'credential':
        return touched(tx, 'UPDATE endpoints SET credential_revision = $3, updated_at = now() WHERE tenant = $1 AND extension = $2 AND credential_revision < $3', [
          change.tenant, change.extension, change.credentialRevision,
        ]);
    }
  }

  async missingDigests(limit: number): Promise<MissingDigest[]> {
    return this.db.query<MissingDigest>('SELECT tenant, extension FROM endpoints WHERE NOT removed AND ha1_revision < credential_revision ORDER BY updated_at LIMIT $1', [limit]);
  }

  async storeDigest(endpoint: MissingDigest, digest: StoredDigest): Promise<void> {
    crashPoint('digest.before-store');
    await this.db.run(
      `UPDATE endpoints SET ha1 = $3, realm = $4, ha1_revision = $5, credential_revision = greatest(credential_revision, $5), updated_at = now()
       WHERE tenant = $1 AND extension = $2 AND ha1_revision < $5`,
      [endpoint.tenant, endpoint.extension, digest.ha1, digest.realm, digest.credentialRevision],
    );
    crashPoint('digest.after-store');
  }
}

async function touched(tx: Queryable, sql: string, values: readonly unknown[]): Promise<boolean> {
  return (await tx.run(sql, values)) > 0;
}

function putTenant(tx: Tx, t: TenantFacts): Promise<boolean> {
  return touched(tx, `INSERT INTO tenants AS t (tenant, name, country, language, time_zone, suspended, revision) VALUES ($1, $2, $3, $4, $5, $6, $7)
    ON CONFLICT (tenant) DO UPDATE SET name = excluded.name, country = excluded.country, language = excluded.language, time_zone = excluded.time_zone,
      suspended = excluded.suspended, removed = false, revision = excluded.revision, updated_at = now() WHERE t.revision < excluded.revision`,
    [t.tenant, t.name, t.country, t.language, t.timeZone, t.suspended, t.revision]);
}

function putNumber(tx: Tx, n: NumberFacts): Promise<boolean> {
  // A number may move to another tenant, whose revisions are counted apart.
  return touched(tx, `INSERT INTO numbers AS n (number, tenant, route, revision) VALUES ($1, $2, $3, $4)
    ON CONFLICT (number) DO UPDATE SET tenant = excluded.tenant, route = excluded.route, removed = false, revision = excluded.revision, updated_at = now()
    WHERE n.revision < excluded.revision OR (n.removed AND n.tenant <> excluded.tenant)`, [n.number, n.tenant, n.route, n.revision]);
}

function putRoute(tx: Tx, r: RouteFacts): Promise<boolean> {
  return touched(tx, `INSERT INTO routes AS r (tenant, code, route, revision) VALUES ($1, $2, $3, $4)
    ON CONFLICT (tenant, code) DO UPDATE SET route = excluded.route, removed = false, revision = excluded.revision, updated_at = now()
    WHERE r.revision < excluded.revision`, [r.tenant, r.code, JSON.stringify(r.route), r.revision]);
}

function putEndpoint(tx: Tx, e: EndpointFacts): Promise<boolean> {
  return touched(tx, `INSERT INTO endpoints AS e (tenant, extension, sip_user, display_name, role, queues, enabled, revision, credential_revision)
    VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)
    ON CONFLICT (tenant, extension) DO UPDATE SET sip_user = excluded.sip_user, display_name = excluded.display_name, role = excluded.role, queues = excluded.queues,
      enabled = excluded.enabled, removed = false, revision = excluded.revision, credential_revision = greatest(e.credential_revision, excluded.credential_revision), updated_at = now()
    WHERE e.revision < excluded.revision`,
    [e.tenant, e.extension, e.sipUser, e.displayName, e.role, e.queues, e.enabled, e.revision, e.credentialRevision]);
}

async function removeTenant(tx: Tx, tenant: string, revision: number): Promise<boolean> {
  const removed = await touched(tx, 'UPDATE tenants SET removed = true, revision = $2, updated_at = now() WHERE tenant = $1 AND revision < $2', [tenant, revision]);
  for (const table of ['numbers', 'routes', 'endpoints']) await tx.run(`UPDATE ${table} SET removed = true, updated_at = now() WHERE tenant = $1 AND NOT removed`, [tenant]);
  await tx.run('UPDATE endpoints SET ha1 = NULL, ha1_revision = 0 WHERE tenant = $1', [tenant]);
  // Its addresses are free for others again; nobody else could remove what belongs to no tenant.
  if (removed) await tx.run('DELETE FROM trunks WHERE tenant = $1', [tenant]);
  return removed;
}
