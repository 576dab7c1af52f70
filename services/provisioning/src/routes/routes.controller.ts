import { Controller, Delete, Get, HttpCode, Put, Res } from '@nestjs/common';
import { Body, Caller, Params, type CallerFacts } from '@troncal/chassis';
import { putRouteSchema, routeCodeSchema, tenantCodeSchema, type Route, type routeListSchema, type RouteView } from '@troncal/contracts';
import type { FastifyReply } from 'fastify';
import { z } from 'zod';
import { requireOwn } from '../tenants/own-tenant.js';
import { unknownTenant } from '../tenants/tenants.errors.js';
import { TenantRepository } from '../tenants/tenants.repository.js';
import { DeclareRoute } from './declare-route.js';
import { DeleteRoute } from './delete-route.js';
import type { StoredRoute } from './route.js';
import { unknownRoute } from './routes.errors.js';
import { RouteRepository } from './routes.repository.js';

const tenantPath = z.object({ tenant: tenantCodeSchema });
const routePath = tenantPath.extend({ route: routeCodeSchema });
type Path = z.output<typeof routePath>;

/** Routes of a tenant over HTTP; the body of a PUT is the whole route. */
@Controller('api/tenants/:tenant/routes')
export class RoutesController {
  constructor(
    private readonly tenants: TenantRepository,
    private readonly routes: RouteRepository,
    private readonly declareRoute: DeclareRoute,
    private readonly deleteRoute: DeleteRoute,
  ) {}

  @Get()
  async list(@Caller() caller: CallerFacts, @Params(tenantPath) { tenant }: z.output<typeof tenantPath>): Promise<z.output<typeof routeListSchema>> {
    requireOwn(caller, tenant);
    if (!(await this.tenants.find(tenant))) throw unknownTenant(tenant);
    return { routes: (await this.routes.list(tenant)).map(viewOf) };
  }

  @Get(':route')
  async show(@Caller() caller: CallerFacts, @Params(routePath) path: Path): Promise<RouteView> {
    requireOwn(caller, path.tenant);
    const found = await this.routes.find(path.tenant, path.route);
    if (found) return viewOf(found);
    throw (await this.tenants.find(path.tenant)) ? unknownRoute(path.tenant, path.route) : unknownTenant(path.tenant);
  }

  @Put(':route')
  async declare(@Caller() caller: CallerFacts, @Params(routePath) path: Path, @Body(putRouteSchema) body: Route, @Res({ passthrough: true }) reply: FastifyReply): Promise<RouteView> {
    requireOwn(caller, path.tenant);
    const { route, created } = await this.declareRoute.run(path.tenant, path.route, body);
    void reply.status(created ? 201 : 200);
    return viewOf(route);
  }

  @Delete(':route')
  @HttpCode(204)
  async delete(@Caller() caller: CallerFacts, @Params(routePath) path: Path): Promise<void> {
    requireOwn(caller, path.tenant);
    await this.deleteRoute.one(path.tenant, path.route);
  }
}

function viewOf({ code, revision, route }: StoredRoute): RouteView {
  return { code, revision, route };
}
