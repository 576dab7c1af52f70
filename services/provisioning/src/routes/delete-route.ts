import { Injectable } from '@nestjs/common';
import { Database, type Tx } from '@troncal/persistence';
import { NumberRepository } from '../numbers/numbers.repository.js';
import { TenantRepository } from '../tenants/tenants.repository.js';
import type { StoredRoute } from './route.js';
import { routeInUse, unknownRoute } from './routes.errors.js';
import { RoutePublisher } from './routes.publisher.js';
import { RouteRepository } from './routes.repository.js';

/** Deletes routes; calls in progress keep theirs. */
@Injectable()
export class DeleteRoute {
  constructor(
    private readonly db: Database,
    private readonly tenants: TenantRepository,
    private readonly routes: RouteRepository,
    private readonly numbers: NumberRepository,
    private readonly publisher: RoutePublisher,
  ) {}

  /** @throws PermanentError `unknown_tenant`, `unknown_route`, `route_in_use` */
  async one(tenant: string, code: string): Promise<void> {
    await this.db.transaction(async (tx) => {
      await this.tenants.lock(tx, tenant);
      const route = await this.routes.findIn(tx, tenant, code);
      if (!route) throw unknownRoute(tenant, code);
      const numbers = await this.numbers.leadingTo(tx, tenant, code);
      if (numbers.length > 0) throw routeInUse(tenant, code, numbers);
      await this.end(tx, route);
    });
  }

  /** Every one of a tenant, which the transaction has locked and whose numbers are released. */
  async all(tx: Tx, tenant: string): Promise<void> {
    for (const route of await this.routes.listIn(tx, tenant)) await this.end(tx, route);
  }

  private async end(tx: Tx, route: StoredRoute): Promise<void> {
    const ended = { ...route, revision: route.revision + 1 };
    await this.routes.remove(tx, ended);
    await this.publisher.deleted(tx, ended);
  }
}
