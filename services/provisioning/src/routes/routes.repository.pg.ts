import { Injectable } from '@nestjs/common';
import { routeSchema } from '@troncal/contracts';
import { Database, type Queryable, type Tx } from '@troncal/persistence';
import { bury, pastOf } from '../tombstones/tombstones.pg.js';
import type { StoredRoute } from './route.js';
import { RouteRepository } from './routes.repository.js';

interface Row {
  readonly tenant: string;
  readonly code: string;
  readonly route: unknown;
  readonly revision: number;
}

@Injectable()
export class PgRouteRepository extends RouteRepository {
  constructor(private readonly db: Database) {
    super();
  }

  async find(tenant: string, code: string): Promise<StoredRoute | undefined> {
    return one(this.db, tenant, code);
  }

  async list(tenant: string): Promise<StoredRoute[]> {
    return all(this.db, tenant);
  }

  async findIn(tx: Tx, tenant: string, code: string): Promise<StoredRoute | undefined> {
    return one(tx, tenant, code);
  }

  async listIn(tx: Tx, tenant: string): Promise<StoredRoute[]> {
    return all(tx, tenant);
  }

  async codeAt(tx: Tx, tenant: string, extension: string): Promise<string | undefined> {
    const [row] = await tx.query<{ code: string }>('SELECT code FROM routes WHERE tenant = $1 AND extension = $2', [tenant, extension]);
    return row?.code;
  }

  async pastRevision(tx: Tx, tenant: string, code: string): Promise<number> {
    return (await pastOf(tx, 'route', tenant, code)).revision;
  }

  async save(tx: Tx, { tenant, code, route, revision }: StoredRoute): Promise<void> {
    await tx.run(
      `INSERT INTO routes (tenant, code, extension, route, revision) VALUES ($1, $2, $3, $4, $5)
       ON CONFLICT (tenant, code) DO UPDATE SET extension = excluded.extension, route = excluded.route, revision = excluded.revision`,
      [tenant, code, route.extension ?? null, JSON.stringify(route), revision],
    );
  }

  async remove(tx: Tx, { tenant, code, revision }: StoredRoute): Promise<void> {
    await tx.run('DELETE FROM routes WHERE tenant = $1 AND code = $2', [tenant, code]);
    await bury(tx, 'route', tenant, code, { revision, credentialRevision: 0 });
  }
}

async function one(db: Queryable, tenant: string, code: string): Promise<StoredRoute | undefined> {
  const [row] = await db.query<Row>('SELECT tenant, code, route, revision FROM routes WHERE tenant = $1 AND code = $2', [tenant, code]);
  return row && toRoute(row);
}

async function all(db: Queryable, tenant: string): Promise<StoredRoute[]> {
  return (await db.query<Row>('SELECT tenant, code, route, revision FROM routes WHERE tenant = $1 ORDER BY code', [tenant])).map(toRoute);
}

function toRoute({ tenant, code, route, revision }: Row): StoredRoute {
  return { tenant, code, route: routeSchema.parse(route), revision };
}
