import { Controller, Post, Res } from '@nestjs/common';
import { Body, Caller, Params, type CallerFacts } from '@troncal/chassis';
import { promoteSchema, type PlanView, type runStartedSchema } from '@troncal/contracts';
import type { FastifyReply } from 'fastify';
import type { z } from 'zod';
import { environmentPath } from '../environments/environments.controller.js';
import { requirePlatform } from '../tenants/own-tenant.js';
import { PromoteTenant } from './promote-tenant.js';
import { ShowPlan } from './show-plan.js';

/** Carries routes from the environment of the path to another: shown first, done when asked for. */
@Controller('api/environments/:environment/promote')
export class PromotionsController {
  constructor(
    private readonly promote: PromoteTenant,
    private readonly showPlan: ShowPlan,
  ) {}

  @Post()
  async run(
    @Caller() caller: CallerFacts,
    @Params(environmentPath) { environment: from }: z.output<typeof environmentPath>,
    @Body(promoteSchema) { to, tenant, apply }: z.output<typeof promoteSchema>,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<PlanView | z.output<typeof runStartedSchema>> {
    requirePlatform(caller, 'Promoting tenants');
    void reply.status(apply ? 202 : 200);
    return apply ? { run: await this.promote.run({ from, to, tenant }) } : this.showPlan.run(await this.promote.plan({ from, to, tenant }));
  }
}
