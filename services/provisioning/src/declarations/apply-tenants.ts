import { Injectable } from '@nestjs/common';
import type { TenantDeclaration } from '@troncal/contracts';
import { PlanEnvironment } from '../reconcile/plan-environment.js';
import { StartRun } from '../runs/start-run.js';
import { StoreDeclarations } from './store-declarations.js';

/** Stores what tenants have to be, and begins to bring it about. @throws PermanentError `unknown_environment`, `declarations_clash`, `run_under_way`, `twilio_not_configured` */
@Injectable()
export class ApplyTenants {
  constructor(
    private readonly planner: PlanEnvironment,
    private readonly store: StoreDeclarations,
    private readonly start: StartRun,
  ) {}

  /** @returns the run */
  async run(name: string, declarations: readonly TenantDeclaration[]): Promise<string> {
    const environment = await this.planner.environment(name);
    this.planner.platform();
    return this.start.run(name, 'apply', async (tx) => {
      await this.store.run(tx, environment, declarations);
      return declarations.map(({ tenant }) => tenant);
    });
  }
}
