import { Controller, Get, HttpCode, Post } from '@nestjs/common';
import { Body, Caller, Params, type CallerFacts } from '@troncal/chassis';
import { e164Schema, moveNumberSchema, releaseNumberSchema, type ownedNumberListSchema, type OwnedNumberView, type runStartedSchema } from '@troncal/contracts';
import { z } from 'zod';
import { numberView } from '../declarations/declared-view.js';
import { environmentPath } from '../environments/environments.controller.js';
import { ReadTenantFacts } from '../reconcile/tenant-facts.js';
import { requirePlatform } from '../tenants/own-tenant.js';
import { MoveNumber } from './move-number.js';
import { ReleaseHeld } from './release-number.js';
import type { TwilioNumber } from './twilio-number.js';
import { TwilioNumberRepository } from './twilio-numbers.repository.js';

const numberPath = environmentPath.extend({ e164: e164Schema });

const WHOSE = 'Numbers at Twilio';

/** Numbers of an environment: wanted, owned, waited for, held. */
@Controller('api/environments/:environment/numbers')
export class TwilioNumbersController {
  constructor(
    private readonly numbers: TwilioNumberRepository,
    private readonly facts: ReadTenantFacts,
    private readonly releaseHeld: ReleaseHeld,
    private readonly moveNumber: MoveNumber,
  ) {}

  @Get()
  async list(@Caller() caller: CallerFacts, @Params(environmentPath) { environment }: z.output<typeof environmentPath>): Promise<z.output<typeof ownedNumberListSchema>> {
    requirePlatform(caller, WHOSE);
    const [numbers, { tenants }] = await Promise.all([this.numbers.list(environment), this.facts.run(environment)]);
    const declared = new Map(tenants.map((facts) => [facts.tenant, facts]));
    return { numbers: numbers.map((number) => viewOf(number, declared.get(number.tenant))) };
  }

  @Post(':e164/release')
  @HttpCode(202)
  async release(
    @Caller() caller: CallerFacts,
    @Params(numberPath) { environment, e164 }: z.output<typeof numberPath>,
    @Body(releaseNumberSchema) { confirm }: z.output<typeof releaseNumberSchema>,
  ): Promise<z.output<typeof runStartedSchema>> {
    requirePlatform(caller, WHOSE);
    return { run: await this.releaseHeld.run(environment, e164, confirm) };
  }

  @Post(':e164/move')
  @HttpCode(202)
  async move(
    @Caller() caller: CallerFacts,
    @Params(numberPath) { environment, e164 }: z.output<typeof numberPath>,
    @Body(moveNumberSchema) { to }: z.output<typeof moveNumberSchema>,
  ): Promise<z.output<typeof runStartedSchema>> {
    requirePlatform(caller, WHOSE);
    return { run: await this.moveNumber.run(environment, e164, to) };
  }
}

const viewOf = (number: TwilioNumber, facts: Parameters<typeof numberView>[1] | undefined): OwnedNumberView =>
  facts === undefined
    ? { tenant: number.tenant, e164: number.e164, have: 'none', route: '', state: number.state, why: number.why, who: number.who, releasableAt: number.releasableAt?.toISOString() ?? null, legacy: false }
    : numberView(number, facts);
