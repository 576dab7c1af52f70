import { Controller, Delete, Get, HttpCode, Patch, Post, Res } from '@nestjs/common';
import { Body, Caller, Params, Query, type CallerFacts } from '@troncal/chassis';
import { createTenantSchema, listTenantsSchema, tenantCodeSchema, updateTenantSchema, type tenantPageSchema, type TenantView } from '@troncal/contracts';
import type { FastifyReply } from 'fastify';
import { z } from 'zod';
import { CreateTenant, type NewTenant } from './create-tenant.js';
import { DeleteTenant } from './delete-tenant.js';
import { isPlatform, requireOwn, requirePlatform } from './own-tenant.js';
import type { Tenant, TenantPatch } from './tenant.js';
import { unknownTenant } from './tenants.errors.js';
import { TenantRepository } from './tenants.repository.js';
import { UpdateTenant } from './update-tenant.js';

const pathSchema = z.object({ tenant: tenantCodeSchema });
type Path = z.output<typeof pathSchema>;

/** Tenants over HTTP. A key of one tenant sees and changes its own particulars; whether a tenant is there or suspended is the platform’s. */
@Controller('api/tenants')
export class TenantsController {
  constructor(
    private readonly tenants: TenantRepository,
    private readonly createTenant: CreateTenant,
    private readonly updateTenant: UpdateTenant,
    private readonly deleteTenant: DeleteTenant,
  ) {}

  @Post()
  async create(@Caller() caller: CallerFacts, @Body(createTenantSchema) body: NewTenant, @Res({ passthrough: true }) reply: FastifyReply): Promise<TenantView> {
    requirePlatform(caller, 'Creating tenants');
    const tenant = await this.createTenant.run(body);
    void reply.header('location', `/api/tenants/${tenant.code}`);
    return viewOf(tenant);
  }

  @Get()
  async list(@Caller() caller: CallerFacts, @Query(listTenantsSchema) query: z.output<typeof listTenantsSchema>): Promise<z.output<typeof tenantPageSchema>> {
    const found = await this.tenants.list({ limit: query.limit + 1, after: query.after, only: isPlatform(caller) ? undefined : caller.tenant });
    const tenants = found.slice(0, query.limit).map(viewOf);
    const last = tenants.at(-1);
    return found.length > query.limit && last ? { tenants, next: last.code } : { tenants };
  }

  @Get(':tenant')
  async show(@Caller() caller: CallerFacts, @Params(pathSchema) path: Path): Promise<TenantView> {
    requireOwn(caller, path.tenant);
    const tenant = await this.tenants.find(path.tenant);
    if (!tenant) throw unknownTenant(path.tenant);
    return viewOf(tenant);
  }

  @Patch(':tenant')
  async update(@Caller() caller: CallerFacts, @Params(pathSchema) path: Path, @Body(updateTenantSchema) body: TenantPatch): Promise<TenantView> {
    requireOwn(caller, path.tenant);
    if (body.suspended !== undefined) requirePlatform(caller, 'Suspending and reinstating tenants');
    return viewOf(await this.updateTenant.run(path.tenant, body));
  }

  @Delete(':tenant')
  @HttpCode(204)
  async delete(@Caller() caller: CallerFacts, @Params(pathSchema) path: Path): Promise<void> {
    requireOwn(caller, path.tenant);
    requirePlatform(caller, 'Deleting tenants');
    await this.deleteTenant.run(path.tenant);
  }
}

function viewOf({ code, name, country, language, timeZone, suspended, revision, createdAt }: Tenant): TenantView {
  return { code, name, country, language, timeZone, suspended, revision, createdAt: createdAt.toISOString() };
}
