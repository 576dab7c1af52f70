import { Controller, Delete, Get, HttpCode, Post, Put, Res } from '@nestjs/common';
import { AnswersSecret, Body, Caller, Params, type CallerFacts } from '@troncal/chassis';
import { endpointExtensionSchema, putEndpointSchema, tenantCodeSchema, type endpointListSchema, type EndpointView } from '@troncal/contracts';
import type { FastifyReply } from 'fastify';
import { z } from 'zod';
import { requireOwn } from '../tenants/own-tenant.js';
import { unknownTenant } from '../tenants/tenants.errors.js';
import { TenantRepository } from '../tenants/tenants.repository.js';
import { DeclareEndpoint } from './declare-endpoint.js';
import { sipUserOf, type Endpoint, type EndpointParticulars } from './endpoint.js';
import { unknownEndpoint } from './endpoints.errors.js';
import { EndpointRepository } from './endpoints.repository.js';
import { RemoveEndpoint } from './remove-endpoint.js';
import { RotateCredential } from './rotate-credential.js';

const tenantPath = z.object({ tenant: tenantCodeSchema });
const endpointPath = tenantPath.extend({ extension: endpointExtensionSchema });
const noBody = z.strictObject({}).optional();
type Path = z.output<typeof endpointPath>;

/** Endpoints of a tenant over HTTP. A password stands in the one answer that made it. */
@Controller('api/tenants/:tenant/endpoints')
export class EndpointsController {
  constructor(
    private readonly tenants: TenantRepository,
    private readonly endpoints: EndpointRepository,
    private readonly declareEndpoint: DeclareEndpoint,
    private readonly rotateCredential: RotateCredential,
    private readonly removeEndpoint: RemoveEndpoint,
  ) {}

  @Get()
  async list(@Caller() caller: CallerFacts, @Params(tenantPath) { tenant }: z.output<typeof tenantPath>): Promise<z.output<typeof endpointListSchema>> {
    requireOwn(caller, tenant);
    if (!(await this.tenants.find(tenant))) throw unknownTenant(tenant);
    return { endpoints: (await this.endpoints.list(tenant)).map((endpoint) => viewOf(endpoint)) };
  }

  @Get(':extension')
  async show(@Caller() caller: CallerFacts, @Params(endpointPath) { tenant, extension }: Path): Promise<EndpointView> {
    requireOwn(caller, tenant);
    const found = await this.endpoints.find(tenant, extension);
    if (found) return viewOf(found.endpoint);
    throw (await this.tenants.find(tenant)) ? unknownEndpoint(tenant, extension) : unknownTenant(tenant);
  }

  @Put(':extension')
  @AnswersSecret()
  async declare(
    @Caller() caller: CallerFacts,
    @Params(endpointPath) { tenant, extension }: Path,
    @Body(putEndpointSchema) body: EndpointParticulars,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<EndpointView> {
    requireOwn(caller, tenant);
    const { endpoint, password } = await this.declareEndpoint.run(tenant, extension, body);
    void reply.status(password === undefined ? 200 : 201);
    return viewOf(endpoint, password);
  }

  @Post(':extension/rotate')
  @HttpCode(200)
  @AnswersSecret()
  async rotate(@Caller() caller: CallerFacts, @Params(endpointPath) { tenant, extension }: Path, @Body(noBody) _body: unknown): Promise<EndpointView> {
    requireOwn(caller, tenant);
    const { endpoint, password } = await this.rotateCredential.run(tenant, extension);
    return viewOf(endpoint, password);
  }

  @Delete(':extension')
  @HttpCode(204)
  async remove(@Caller() caller: CallerFacts, @Params(endpointPath) { tenant, extension }: Path): Promise<void> {
    requireOwn(caller, tenant);
    await this.removeEndpoint.one(tenant, extension);
  }
}

function viewOf(endpoint: Endpoint, password?: string): EndpointView {
  const { tenant, extension, displayName, role, queues, enabled, revision, credentialRevision } = endpoint;
  return { extension, sipUser: sipUserOf(tenant, extension), displayName, role, queues: [...queues], enabled, revision, credentialRevision, ...(password !== undefined && { password }) };
}
