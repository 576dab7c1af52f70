import { Injectable } from '@nestjs/common';
import { Database, type Queryable } from '@troncal/persistence';
import type { KnownTenant } from './tenant.js';
import { TenantProjection } from './tenants.repository.js';

@Injectable()
export class PgTenantProjection extends TenantProjection {
  constructor(private readonly db: Database) {
    super();
  }

  async find(tenant: string): Promise<KnownTenant | undefined> {
    const [row] = await this.db.query<KnownTenant>(
      'SELECT tenant, name, country, language, time_zone AS "timeZone", revision FROM tenants WHERE tenant = $1 AND NOT removed',
      [tenant],
    );
    return row;
  }

  async keep(db: Queryable, { tenant, name, country, language, timeZone, revision }: KnownTenant): Promise<void> {
    await db.run(
      `INSERT INTO tenants AS t (tenant, name, country, language, time_zone, removed, revision) VALUES ($1, $2, $3, $4, $5, false, $6)
       ON CONFLICT (tenant) DO UPDATE SET name = excluded.name, country = excluded.country, language = excluded.language, time_zone = excluded.time_zone,
         removed = false, revision = excluded.revision, updated_at = now()
       WHERE t.revision < excluded.revision`,
      [tenant, name, country, language, timeZone, revision],
    );
  }

  async keepRemoved(db: Queryable, tenant: string, revision: number): Promise<void> {
    await db.run(
      `INSERT INTO tenants AS t (tenant, removed, revision) VALUES ($1, true, $2)
       ON CONFLICT (tenant) DO UPDATE SET removed = true, revision = excluded.revision, updated_at = now() WHERE t.revision < excluded.revision`,
      [tenant, revision],
    );
  }
}
