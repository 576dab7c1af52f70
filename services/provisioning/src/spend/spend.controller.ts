import { Controller, Get, Put } from '@nestjs/common';
import { Body, Caller, Params, Query, type CallerFacts } from '@troncal/chassis';
import { capsQuerySchema, capsSchema, tenantCodeSchema, type Caps, type CapsView, type SpendView } from '@troncal/contracts';
import { z } from 'zod';
import { requireOwn, requirePlatform } from '../tenants/own-tenant.js';
import type { Tenant } from '../tenants/tenant.js';
import { unknownTenant } from '../tenants/tenants.errors.js';
import { TenantRepository } from '../tenants/tenants.repository.js';
import { SetCaps } from './set-caps.js';
import { ShowSpend } from './show-spend.js';
import type { Purse, SpendAccount } from './spend-account.js';
import { SpendRepository } from './spend.repository.js';

const pathSchema = z.object({ tenant: tenantCodeSchema });
type Path = z.output<typeof pathSchema>;
type Environment = z.output<typeof capsQuerySchema>;

/** What a tenant's calls may cost and have cost. A key of one tenant sees its own; raising a cap is the platform's, else it would be none. */
@Controller('api/tenants/:tenant')
export class SpendController {
  constructor(
    private readonly tenants: TenantRepository,
    private readonly spend: SpendRepository,
    private readonly setCaps: SetCaps,
    private readonly showSpend: ShowSpend,
  ) {}

  @Get('caps')
  async caps(@Caller() caller: CallerFacts, @Params(pathSchema) { tenant }: Path, @Query(capsQuerySchema) { environment }: Environment): Promise<CapsView> {
    await this.own(caller, tenant);
    return viewOf({ environment, tenant }, await this.spend.find({ environment, tenant }));
  }

  @Put('caps')
  async put(@Caller() caller: CallerFacts, @Params(pathSchema) { tenant }: Path, @Query(capsQuerySchema) { environment }: Environment, @Body(capsSchema) body: Caps): Promise<CapsView> {
    await this.own(caller, tenant);
    requirePlatform(caller, 'Setting caps');
    return viewOf({ environment, tenant }, await this.setCaps.run({ environment, tenant }, body));
  }

  @Get('spend')
  async spent(@Caller() caller: CallerFacts, @Params(pathSchema) { tenant }: Path, @Query(capsQuerySchema) { environment }: Environment): Promise<SpendView> {
    const { timeZone } = await this.own(caller, tenant);
    return this.showSpend.run({ environment, tenant }, timeZone);
  }

  private async own(caller: CallerFacts, code: string): Promise<Tenant> {
    requireOwn(caller, code);
    const tenant = await this.tenants.find(code);
    if (!tenant) throw unknownTenant(code);
    return tenant;
  }
}

function viewOf(purse: Purse, { caps, revision }: SpendAccount): CapsView {
  return { ...caps, ...purse, declared: revision > 0, revision };
}
