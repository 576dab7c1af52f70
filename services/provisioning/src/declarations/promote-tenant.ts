import { Injectable } from '@nestjs/common';
import { EnvironmentPromotedV1, type TenantDeclaration } from '@troncal/contracts';
import { Outbox } from '@troncal/persistence';
import { PlanEnvironment, type EnvironmentPlan } from '../reconcile/plan-environment.js';
import { StartRun } from '../runs/start-run.js';
import { notDeclared } from './declarations.errors.js';
import { DeclarationRepository } from './declarations.repository.js';
import { PlanTenants } from './plan-tenants.js';
import { StoreDeclarations } from './store-declarations.js';

/** Which tenant's routes go where. */
export interface Promotion {
  readonly from: string;
  readonly to: string;
  readonly tenant: string;
}

/**
 * Carries a tenant's routes from one environment to another, with what they say and record, and how callers are shown. Its numbers, phones and credentials stay each
 * environment's own. @throws PermanentError `tenant_not_declared` in either, `declarations_clash`, `run_under_way`
 */
@Injectable()
export class PromoteTenant {
  constructor(
    private readonly planner: PlanEnvironment,
    private readonly declarations: DeclarationRepository,
    private readonly planTenants: PlanTenants,
    private readonly store: StoreDeclarations,
    private readonly start: StartRun,
    private readonly outbox: Outbox,
  ) {}

  async plan(promotion: Promotion): Promise<EnvironmentPlan> {
    return this.planTenants.run(promotion.to, [await this.promoted(promotion)]);
  }

  /** @returns the run */
  async run(promotion: Promotion): Promise<string> {
    const { from, to, tenant } = promotion;
    const environment = await this.planner.environment(to);
    const promoted = await this.promoted(promotion);
    return this.start.run(
      to,
      'promote',
      async (tx, run) => {
        await this.store.run(tx, environment, [promoted]);
        const revision = (await this.declarations.lock(tx, to, [tenant])).get(tenant)?.revision ?? 1;
        await this.outbox.emit(tx, EnvironmentPromotedV1, { tenant, subject: tenant, correlationId: run, data: { from, to, revision, run } });
        return [tenant];
      },
      { from },
    );
  }

  private async promoted({ from, to, tenant }: Promotion): Promise<TenantDeclaration> {
    const [source, target] = await Promise.all([this.declarations.find(from, tenant), this.declarations.find(to, tenant)]);
    if (source === undefined) throw notDeclared(from, tenant);
    if (target === undefined) throw notDeclared(to, tenant);
    const { routes, callerId, recording } = source.declaration;
    const { recording: _, ...rest } = target.declaration;
    return { ...rest, routes, callerId, ...(recording === undefined ? {} : { recording }) };
  }
}
