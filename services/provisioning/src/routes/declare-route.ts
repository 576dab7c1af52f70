import { Injectable } from '@nestjs/common';
import type { Route } from '@troncal/contracts';
import { Database, type Tx } from '@troncal/persistence';
import { EndpointRepository } from '../endpoints/endpoints.repository.js';
import { refuseEmergency } from '../tenants/emergency-extension.js';
import type { Tenant } from '../tenants/tenant.js';
import { TenantRepository } from '../tenants/tenants.repository.js';
import { changeRoute, type StoredRoute } from './route.js';
import { extensionTaken } from './routes.errors.js';
import { RoutePublisher } from './routes.publisher.js';
import { RouteRepository } from './routes.repository.js';

/**
 * Makes a route be as declared. Extensions, queues and agents it names need not exist: routes and phones are declared in any
 * order, and a call meets what there is. @throws PermanentError `unknown_tenant`, `extension_reserved`, `extension_taken`
 */
@Injectable()
export class DeclareRoute {
  constructor(
    private readonly db: Database,
    private readonly tenants: TenantRepository,
    private readonly routes: RouteRepository,
    private readonly endpoints: EndpointRepository,
    private readonly publisher: RoutePublisher,
  ) {}

  async run(tenant: string, code: string, wanted: Route): Promise<{ readonly route: StoredRoute; readonly created: boolean }> {
    return this.db.transaction(async (tx) => {
      const owner = await this.tenants.lock(tx, tenant);
      const current = await this.routes.findIn(tx, tenant, code);
      if (current) {
        const changed = changeRoute(current, wanted);
        return { route: changed ? await this.save(tx, owner, changed) : current, created: false };
      }
      const revision = (await this.routes.pastRevision(tx, tenant, code)) + 1;
      return { route: await this.save(tx, owner, { tenant, code, route: wanted, revision }), created: true };
    });
  }

  private async save(tx: Tx, owner: Tenant, route: StoredRoute): Promise<StoredRoute> {
    const { extension } = route.route;
    if (extension !== undefined) {
      refuseEmergency(owner, extension);
      await this.requireFree(tx, owner.code, extension, route.code);
    }
    await this.routes.save(tx, route);
    await this.publisher.updated(tx, route);
    return route;
  }

  /** An extension reaches one thing: an endpoint or a route. */
  private async requireFree(tx: Tx, tenant: string, extension: string, code: string): Promise<void> {
    const route = await this.routes.codeAt(tx, tenant, extension);
    if (route !== undefined && route !== code) throw extensionTaken(tenant, extension, { route });
    if (await this.endpoints.findIn(tx, tenant, extension)) throw extensionTaken(tenant, extension, {});
  }
}
