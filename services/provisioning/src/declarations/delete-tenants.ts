import { Injectable } from '@nestjs/common';
import { PlanEnvironment } from '../reconcile/plan-environment.js';
import { StartRun } from '../runs/start-run.js';
import { TwilioNumberRepository } from '../twilio-numbers/twilio-numbers.repository.js';
import { notDeclared } from './declarations.errors.js';
import { DeclarationRepository } from './declarations.repository.js';
import { StoreDeclarations } from './store-declarations.js';

/**
 * Begins to take tenants out of an environment: their users and lists go, in the order in which Twilio lets go of them; their numbers are kept for a while, since nobody
 * gets one back. @throws PermanentError `tenant_not_declared`, `run_under_way`
 */
@Injectable()
export class DeleteTenants {
  constructor(
    private readonly planner: PlanEnvironment,
    private readonly declarations: DeclarationRepository,
    private readonly numbers: TwilioNumberRepository,
    private readonly store: StoreDeclarations,
    private readonly start: StartRun,
  ) {}

  /** @returns the run */
  async run(environment: string, tenants: readonly string[]): Promise<string> {
    await this.planner.environment(environment);
    this.planner.platform();
    return this.start.run(environment, 'delete', async (tx) => {
      const declared = await this.declarations.lock(tx, environment, tenants);
      const unknown = tenants.find((tenant) => !declared.has(tenant));
      if (unknown !== undefined) throw notDeclared(environment, unknown);
      await this.declarations.save(tx, ...[...declared.values()].map((current) => ({ ...current, state: 'leaving' as const, revision: current.revision + 1 })));
      await this.store.leave(tx, (await this.numbers.list(environment, tenants, tx)).filter(({ state }) => state !== 'held'));
      return tenants;
    });
  }
}
