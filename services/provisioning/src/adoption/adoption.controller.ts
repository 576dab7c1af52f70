import { Controller, HttpCode, Post } from '@nestjs/common';
import { Body, Caller, Params, type CallerFacts } from '@troncal/chassis';
import { cutOverSchema, importSchema, tenantCodeSchema, type importViewSchema, type runStartedSchema } from '@troncal/contracts';
import { z } from 'zod';
import { environmentPath } from '../environments/environments.controller.js';
import { requirePlatform } from '../tenants/own-tenant.js';
import { AdoptAccount } from './adopt-account.js';
import { CutOver } from './cut-over.js';

type Path = z.output<typeof environmentPath>;
const tenantPath = environmentPath.extend({ tenant: tenantCodeSchema });
type Started = z.output<typeof runStartedSchema>;

const WHOSE = 'Taking accounts over';

/** Accounts that were made by hand: taken over as they are, and cut over one by one. */
@Controller('api/environments/:environment')
export class AdoptionController {
  constructor(
    private readonly adopt: AdoptAccount,
    private readonly cutOver: CutOver,
  ) {}

  @Post('import')
  @HttpCode(200)
  async import(@Caller() caller: CallerFacts, @Params(environmentPath) { environment }: Path, @Body(importSchema) { write, ...defaults }: z.output<typeof importSchema>): Promise<z.output<typeof importViewSchema>> {
    requirePlatform(caller, WHOSE);
    const { tenants, leftOut } = await this.adopt.run(environment, defaults, write);
    return { written: write, tenants: tenants.map(({ declaration }) => declaration), leftOut: [...leftOut] };
  }

  @Post('tenants/:tenant/cut-over')
  @HttpCode(202)
  async tenant(@Caller() caller: CallerFacts, @Params(tenantPath) { environment, tenant }: z.output<typeof tenantPath>, @Body(cutOverSchema) { back }: z.output<typeof cutOverSchema>): Promise<Started> {
    requirePlatform(caller, WHOSE);
    return { run: await this.cutOver.tenant(environment, tenant, back) };
  }

  @Post('cut-over')
  @HttpCode(202)
  async environment(@Caller() caller: CallerFacts, @Params(environmentPath) { environment }: Path, @Body(cutOverSchema) { back }: z.output<typeof cutOverSchema>): Promise<Started> {
    requirePlatform(caller, WHOSE);
    return { run: await this.cutOver.environment(environment, back) };
  }
}
