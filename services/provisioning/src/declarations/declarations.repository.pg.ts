import { Injectable } from '@nestjs/common';
import { tenantDeclarationSchema } from '@troncal/contracts';
import { Database, type Queryable, type Tx } from '@troncal/persistence';
import type { DeclaredTenant } from './declared-tenant.js';
import { DeclarationRepository } from './declarations.repository.js';

interface Row {
  readonly environment: string;
  readonly tenant: string;
  readonly state: DeclaredTenant['state'];
  readonly as_found: boolean;
  readonly declaration: unknown;
  readonly revision: number;
}

@Injectable()
export class PgDeclarationRepository extends DeclarationRepository {
  constructor(private readonly db: Database) {
    super();
  }

  async find(environment: string, tenant: string): Promise<DeclaredTenant | undefined> {
    return (await some(this.db, 'environment = $1 AND tenant = $2', [environment, tenant]))[0];
  }

  async list(environment: string, tenants?: readonly string[], from: Queryable = this.db): Promise<DeclaredTenant[]> {
    return some(from, 'environment = $1 AND ($2::text[] IS NULL OR tenant = ANY ($2)) ORDER BY tenant', [environment, tenants ?? null]);
  }

  async lock(tx: Tx, environment: string, tenants: readonly string[]): Promise<ReadonlyMap<string, DeclaredTenant>> {
    const found = await some(tx, 'environment = $1 AND tenant = ANY ($2) ORDER BY tenant FOR UPDATE', [environment, tenants]);
    return new Map(found.map((declared) => [declared.tenant, declared]));
  }

  async save(tx: Tx, ...tenants: readonly DeclaredTenant[]): Promise<void> {
    if (tenants.length === 0) return;
    await tx.run(
      `INSERT INTO declarations (environment, tenant, state, as_found, declaration, revision)
       SELECT * FROM unnest($1::text[], $2::text[], $3::text[], $4::boolean[], $5::json[], $6::integer[])
       ON CONFLICT (environment, tenant) DO UPDATE SET state = excluded.state, as_found = excluded.as_found, declaration = excluded.declaration,
         revision = excluded.revision, updated_at = now()`,
      [
        tenants.map(({ environment }) => environment), tenants.map(({ tenant }) => tenant), tenants.map(({ state }) => state), tenants.map(({ asFound }) => asFound),
        tenants.map(({ declaration }) => JSON.stringify(declaration)), tenants.map(({ revision }) => revision),
      ],
    );
  }

  async remove(tx: Tx, environment: string, tenants: readonly string[]): Promise<void> {
    await tx.run('DELETE FROM declarations WHERE environment = $1 AND tenant = ANY ($2)', [environment, tenants]);
  }

  async countries(from: Queryable = this.db): Promise<string[]> {
    const rows = await from.query<{ country: string }>(
      `SELECT DISTINCT country FROM declarations, json_array_elements_text(declaration -> 'outbound' -> 'countries') AS country WHERE state = 'declared'
         AND NOT EXISTS (SELECT 1 FROM subaccounts AS own WHERE own.environment = declarations.environment AND own.tenant = declarations.tenant) ORDER BY country`,
    );
    return rows.map(({ country }) => country);
  }

  async unplaced(tx: Tx, environment: string): Promise<number> {
    const [row] = await tx.query<{ tenants: number }>("SELECT count(*)::integer AS tenants FROM declarations WHERE environment = $1 AND declaration ->> 'placement' IS NULL", [environment]);
    return row?.tenants ?? 0;
  }

  async anywhere(tx: Tx, tenants: readonly string[]): Promise<ReadonlySet<string>> {
    return new Set((await tx.query<{ tenant: string }>('SELECT tenant FROM declarations WHERE tenant = ANY ($1)', [tenants])).map(({ tenant }) => tenant));
  }
}

async function some(db: Queryable, where: string, values: readonly unknown[]): Promise<DeclaredTenant[]> {
  const rows = await db.query<Row>(`SELECT environment, tenant, state, as_found, declaration, revision FROM declarations WHERE ${where}`, values);
  return rows.map(({ environment, tenant, state, as_found: asFound, declaration, revision }) => ({ environment, tenant, state, asFound, declaration: tenantDeclarationSchema.parse(declaration), revision }));
}
