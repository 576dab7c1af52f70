import { Injectable } from '@nestjs/common';
import { languageSchema } from '@troncal/contracts';
import { Database, type Queryable, type Tx } from '@troncal/persistence';
import { bury, pastOf } from '../tombstones/tombstones.pg.js';
import type { Tenant } from './tenant.js';
import { unknownTenant } from './tenants.errors.js';
import { TenantRepository, type TenantPage } from './tenants.repository.js';

interface Row {
  readonly code: string;
  readonly name: string;
  readonly country: string;
  readonly language: string;
  readonly time_zone: string;
  readonly suspended_reason: string | null;
  readonly revision: number;
  readonly created_at: Date;
}

@Injectable()
export class PgTenantRepository extends TenantRepository {
  constructor(private readonly db: Database) {
    super();
  }

  async find(code: string): Promise<Tenant | undefined> {
    return first(this.db, 'SELECT * FROM tenants WHERE code = $1', code);
  }

  async list({ limit, after = '', only }: TenantPage): Promise<Tenant[]> {
    const rows = await this.db.query<Row>('SELECT * FROM tenants WHERE code > $1 AND ($2::text IS NULL OR code = $2) ORDER BY code LIMIT $3', [after, only ?? null, limit]);
    return rows.map(toTenant);
  }

  async suspended(): Promise<ReadonlySet<string>> {
    return new Set((await this.db.query<{ code: string }>('SELECT code FROM tenants WHERE suspended_reason IS NOT NULL')).map(({ code }) => code));
  }

  async lock(tx: Tx, code: string): Promise<Tenant> {
    const tenant = await first(tx, 'SELECT * FROM tenants WHERE code = $1 FOR UPDATE', code);
    if (!tenant) throw unknownTenant(code);
    return tenant;
  }

  async pastRevision(tx: Tx, code: string): Promise<number> {
    return (await pastOf(tx, 'tenant', '', code)).revision;
  }

  async insert(tx: Tx, tenant: Tenant): Promise<boolean> {
    const rows = await tx.run(
      `INSERT INTO tenants (code, name, country, language, time_zone, suspended_reason, revision, created_at) VALUES ($1, $2, $3, $4, $5, $6, $7, $8)
       ON CONFLICT DO NOTHING`,
      [tenant.code, tenant.name, tenant.country, tenant.language, tenant.timeZone, tenant.suspended?.reason ?? null, tenant.revision, tenant.createdAt],
    );
    return rows === 1;
  }

  async update(tx: Tx, tenant: Tenant): Promise<void> {
    await tx.run('UPDATE tenants SET name = $2, language = $3, time_zone = $4, suspended_reason = $5, revision = $6 WHERE code = $1', [
      tenant.code,
      tenant.name,
      tenant.language,
      tenant.timeZone,
      tenant.suspended?.reason ?? null,
      tenant.revision,
    ]);
  }

  async remove(tx: Tx, tenant: Tenant): Promise<void> {
    await tx.run('DELETE FROM tenants WHERE code = $1', [tenant.code]);
    await bury(tx, 'tenant', '', tenant.code, { revision: tenant.revision, credentialRevision: 0 });
  }
}

async function first(db: Queryable, text: string, code: string): Promise<Tenant | undefined> {
  const [row] = await db.query<Row>(text, [code]);
  return row && toTenant(row);
}

function toTenant(row: Row): Tenant {
  return {
    code: row.code,
    name: row.name,
    country: row.country,
    language: languageSchema.parse(row.language),
    timeZone: row.time_zone,
    suspended: row.suspended_reason === null ? null : { reason: row.suspended_reason },
    revision: row.revision,
    createdAt: row.created_at,
  };
}
