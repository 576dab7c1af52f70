import { Controller, HttpCode, Post } from '@nestjs/common';
import { Body, Caller, Params, type CallerFacts } from '@troncal/chassis';
import type { DriftView, runStartedSchema } from '@troncal/contracts';
import { z } from 'zod';
import { environmentPath } from '../environments/environments.controller.js';
import { requirePlatform } from '../tenants/own-tenant.js';
import { CheckDrift } from './check-drift.js';
import { RepairDrift } from './repair-drift.js';

type Path = z.output<typeof environmentPath>;
const noBody = z.strictObject({}).optional();

/** How an account differs from what is declared, and its repair. */
@Controller('api/environments/:environment')
export class DriftController {
  constructor(
    private readonly check: CheckDrift,
    private readonly repairDrift: RepairDrift,
  ) {}

  @Post('drift')
  @HttpCode(200)
  async look(@Caller() caller: CallerFacts, @Params(environmentPath) { environment }: Path, @Body(noBody) _body: unknown): Promise<DriftView> {
    requirePlatform(caller, 'Looking for drift');
    return this.check.run(environment);
  }

  @Post('repair')
  @HttpCode(202)
  async repair(@Caller() caller: CallerFacts, @Params(environmentPath) { environment }: Path, @Body(noBody) _body: unknown): Promise<z.output<typeof runStartedSchema>> {
    requirePlatform(caller, 'Repairing drift');
    return { run: await this.repairDrift.run(environment) };
  }
}
