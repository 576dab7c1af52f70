import { Controller, Get, HttpCode, Post } from '@nestjs/common';
import { Body, Caller, Params, type CallerFacts } from '@troncal/chassis';
import { probeSchema, tenantCodeSchema, type DoctorView, type VerifyView } from '@troncal/contracts';
import { z } from 'zod';
import { environmentPath } from '../environments/environments.controller.js';
import { requirePlatform } from '../tenants/own-tenant.js';
import { ExamineTenants } from './examine-tenants.js';
import { VerifyTenant } from './verify-tenant.js';

type InEnvironment = z.output<typeof environmentPath>;
const tenantPath = environmentPath.extend({ tenant: tenantCodeSchema });
type OfTenant = z.output<typeof tenantPath>;

const WHOSE = 'Looking into what tenants have at Twilio';

/** Whether telephones at Twilio work, and what is wrong where they don't. */
@Controller('api/environments/:environment')
export class VerifyController {
  constructor(
    private readonly verifyTenant: VerifyTenant,
    private readonly examine: ExamineTenants,
  ) {}

  @Get('tenants/:tenant/verify')
  async verify(@Caller() caller: CallerFacts, @Params(tenantPath) { environment, tenant }: OfTenant): Promise<VerifyView> {
    requirePlatform(caller, WHOSE);
    return this.verifyTenant.run(environment, tenant);
  }

  /** Phones are called, and may ring for a moment. */
  @Post('tenants/:tenant/verify')
  @HttpCode(200)
  async probe(@Caller() caller: CallerFacts, @Params(tenantPath) { environment, tenant }: OfTenant, @Body(probeSchema) { probe }: z.output<typeof probeSchema>): Promise<VerifyView> {
    requirePlatform(caller, WHOSE);
    return this.verifyTenant.run(environment, tenant, probe);
  }

  @Get('tenants/:tenant/doctor')
  async doctor(@Caller() caller: CallerFacts, @Params(tenantPath) { environment, tenant }: OfTenant): Promise<DoctorView> {
    requirePlatform(caller, WHOSE);
    return this.examine.run(environment, tenant);
  }

  @Get('doctor')
  async doctorOfAll(@Caller() caller: CallerFacts, @Params(environmentPath) { environment }: InEnvironment): Promise<DoctorView> {
    requirePlatform(caller, WHOSE);
    return this.examine.run(environment);
  }
}
