import { Injectable } from '@nestjs/common';
import { tenantSnapshotSchema, type TenantSnapshot } from '@troncal/contracts';
import { Database } from '@troncal/persistence';
import { sipUserOf } from '../endpoints/endpoint.js';
import { SnapshotRepository } from './snapshot.repository.js';

interface OfTenant {
  readonly tenant: string;
}
interface TenantRow extends OfTenant {
  readonly [column: string]: unknown;
}
interface EndpointRow extends OfTenant {
  readonly extension: string;
}

@Injectable()
export class PgSnapshotRepository extends SnapshotRepository {
  constructor(private readonly db: Database) {
    super();
  }

  async page(limit: number, after = ''): Promise<TenantSnapshot[]> {
    // Repeatable read: the four queries see one moment, so a revision never stands beside things of another time.
    return this.db.transaction(
      async (tx) => {
        const tenants = await tx.query<TenantRow>(
          `SELECT code AS tenant, name, country, language, time_zone AS "timeZone", suspended_reason IS NOT NULL AS suspended, revision
           FROM tenants WHERE code > $1 ORDER BY code LIMIT $2`,
          [after, limit],
        );
        const codes = [tenants.map((row) => row.tenant)];
        const numbers = await tx.query<OfTenant>('SELECT tenant, number, route, revision FROM numbers WHERE tenant = ANY ($1) ORDER BY number', codes);
        const routes = await tx.query<OfTenant>('SELECT tenant, code, revision, route FROM routes WHERE tenant = ANY ($1) ORDER BY code', codes);
        const endpoints = await tx.query<EndpointRow>(
          `SELECT tenant, extension, display_name AS "displayName", role, queues, enabled, revision, credential_revision AS "credentialRevision"
           FROM endpoints WHERE tenant = ANY ($1) ORDER BY extension`,
          codes,
        );
        const numbersOf = byTenant(numbers);
        const routesOf = byTenant(routes);
        const endpointsOf = byTenant(endpoints.map((row) => ({ ...row, sipUser: sipUserOf(row.tenant, row.extension) })));
        return tenants.map((row) =>
          tenantSnapshotSchema.parse({ ...row, numbers: numbersOf(row.tenant), routes: routesOf(row.tenant), endpoints: endpointsOf(row.tenant) }),
        );
      },
      { isolation: 'repeatable read' },
    );
  }
}

function byTenant<Row extends OfTenant>(rows: readonly Row[]): (tenant: string) => Row[] {
  const groups = Map.groupBy(rows, (row) => row.tenant);
  return (tenant) => groups.get(tenant) ?? [];
}
