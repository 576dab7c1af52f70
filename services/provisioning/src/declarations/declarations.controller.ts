import { Controller, Delete, Get, HttpCode, Post } from '@nestjs/common';
import { Body, Caller, Params, type CallerFacts } from '@troncal/chassis';
import { declareTenantsSchema, deleteTenantsSchema, tenantCodeSchema, type declaredTenantListSchema, type DeclaredTenantView, type PlanView, type runStartedSchema } from '@troncal/contracts';
import { z } from 'zod';
import { environmentPath } from '../environments/environments.controller.js';
import { ReadTenantFacts } from '../reconcile/tenant-facts.js';
import { requirePlatform } from '../tenants/own-tenant.js';
import { ApplyTenants } from './apply-tenants.js';
import { notDeclared } from './declarations.errors.js';
import { declaredView } from './declared-view.js';
import { DeleteTenants } from './delete-tenants.js';
import { PlanTenants } from './plan-tenants.js';
import { ShowPlan } from './show-plan.js';

type InEnvironment = z.output<typeof environmentPath>;
const tenantPath = environmentPath.extend({ tenant: tenantCodeSchema });
type OfTenant = z.output<typeof tenantPath>;
type Declared = z.output<typeof declareTenantsSchema>;
type Named = z.output<typeof deleteTenantsSchema>;
type Started = z.output<typeof runStartedSchema>;

const WHOSE = 'Declaring tenants at Twilio';

/** Tenants as they are declared in an environment: planned, applied, shown and taken away. */
@Controller('api/environments/:environment')
export class DeclarationsController {
  constructor(
    private readonly facts: ReadTenantFacts,
    private readonly planTenants: PlanTenants,
    private readonly applyTenants: ApplyTenants,
    private readonly deleteTenants: DeleteTenants,
    private readonly showPlan: ShowPlan,
  ) {}

  @Post('plan')
  @HttpCode(200)
  async plan(@Caller() caller: CallerFacts, @Params(environmentPath) { environment }: InEnvironment, @Body(declareTenantsSchema) { declarations }: Declared): Promise<PlanView> {
    requirePlatform(caller, WHOSE);
    return this.showPlan.run(await this.planTenants.run(environment, declarations));
  }

  @Post('apply')
  @HttpCode(202)
  async apply(@Caller() caller: CallerFacts, @Params(environmentPath) { environment }: InEnvironment, @Body(declareTenantsSchema) { declarations }: Declared): Promise<Started> {
    requirePlatform(caller, WHOSE);
    return { run: await this.applyTenants.run(environment, declarations) };
  }

  @Get('tenants')
  async list(@Caller() caller: CallerFacts, @Params(environmentPath) { environment }: InEnvironment): Promise<z.output<typeof declaredTenantListSchema>> {
    requirePlatform(caller, WHOSE);
    const { tenants } = await this.facts.run(environment);
    return {
      tenants: tenants.map(({ tenant, revision, state, asFound, declaration, numbers }) => ({
        tenant, name: declaration.name, revision, state, legacy: asFound, numbers: numbers.flatMap(({ e164, state: of }) => (e164 === null || of === 'held' ? [] : [e164])), endpoints: declaration.endpoints.length,
      })),
    };
  }

  @Get('tenants/:tenant')
  async show(@Caller() caller: CallerFacts, @Params(tenantPath) { environment, tenant }: OfTenant): Promise<DeclaredTenantView> {
    requirePlatform(caller, WHOSE);
    const { tenants: [found] } = await this.facts.run(environment, [tenant]);
    if (found === undefined) throw notDeclared(environment, tenant);
    return declaredView(found, await this.showPlan.domainOf(environment));
  }

  @Delete('tenants')
  @HttpCode(202)
  async deleteSeveral(@Caller() caller: CallerFacts, @Params(environmentPath) { environment }: InEnvironment, @Body(deleteTenantsSchema) { tenants }: Named): Promise<Started> {
    requirePlatform(caller, WHOSE);
    return { run: await this.deleteTenants.run(environment, tenants) };
  }

  @Delete('tenants/:tenant')
  @HttpCode(202)
  async delete(@Caller() caller: CallerFacts, @Params(tenantPath) { environment, tenant }: OfTenant): Promise<Started> {
    requirePlatform(caller, WHOSE);
    return { run: await this.deleteTenants.run(environment, [tenant]) };
  }
}
