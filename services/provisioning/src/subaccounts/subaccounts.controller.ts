import { Controller, Get, HttpCode, Post } from '@nestjs/common';
import { Body, Caller, Params, type CallerFacts } from '@troncal/chassis';
import { closeSubaccountSchema, tenantCodeSchema, type runStartedSchema, type subaccountListSchema } from '@troncal/contracts';
import { z } from 'zod';
import { DeclarationRepository } from '../declarations/declarations.repository.js';
import { environmentPath } from '../environments/environments.controller.js';
import { requirePlatform } from '../tenants/own-tenant.js';
import { CloseSubaccount } from './close-subaccount.js';
import { subaccountView } from './subaccount.js';
import { SubaccountRepository } from './subaccounts.repository.js';

const tenantPath = environmentPath.extend({ tenant: tenantCodeSchema });

const WHOSE = 'Subaccounts at Twilio';

/** Twilio accounts that tenants have of their own. */
@Controller('api/environments/:environment/subaccounts')
export class SubaccountsController {
  constructor(
    private readonly subaccounts: SubaccountRepository,
    private readonly declarations: DeclarationRepository,
    private readonly close: CloseSubaccount,
  ) {}

  @Get()
  async list(@Caller() caller: CallerFacts, @Params(environmentPath) { environment }: z.output<typeof environmentPath>): Promise<z.output<typeof subaccountListSchema>> {
    requirePlatform(caller, WHOSE);
    const [subaccounts, declared] = await Promise.all([this.subaccounts.list(environment), this.declarations.list(environment)]);
    const codes = new Set(declared.map(({ tenant }) => tenant));
    return { subaccounts: subaccounts.map((each) => subaccountView(each, codes.has(each.tenant))) };
  }

  @Post(':tenant/close')
  @HttpCode(202)
  async closeOne(@Caller() caller: CallerFacts, @Params(tenantPath) { environment, tenant }: z.output<typeof tenantPath>, @Body(closeSubaccountSchema) { confirm }: z.output<typeof closeSubaccountSchema>): Promise<z.output<typeof runStartedSchema>> {
    requirePlatform(caller, WHOSE);
    return { run: await this.close.run(environment, tenant, confirm) };
  }
}
