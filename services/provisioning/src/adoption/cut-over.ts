import { Injectable } from '@nestjs/common';
import { PermanentError } from '@troncal/kernel';
import type { Tx } from '@troncal/persistence';
import { notDeclared } from '../declarations/declarations.errors.js';
import { DeclarationRepository } from '../declarations/declarations.repository.js';
import { EnvironmentRepository } from '../environments/environments.repository.js';
import { PlanEnvironment } from '../reconcile/plan-environment.js';
import { StartRun } from '../runs/start-run.js';

/**
 * Leads the calls of what was taken over to us, or back to where they went before. Of a tenant: its numbers, and its list is mapped as ours are. Of the environment: what its
 * SIP domain says, and with it where calls of all its phones are asked about.
 */
@Injectable()
export class CutOver {
  constructor(
    private readonly planner: PlanEnvironment,
    private readonly declarations: DeclarationRepository,
    private readonly environments: EnvironmentRepository,
    private readonly start: StartRun,
  ) {}

  /** @param back to how it was found @returns the run @throws PermanentError `tenant_not_declared`, `never_taken_over`, `run_under_way` */
  async tenant(environment: string, tenant: string, back: boolean): Promise<string> {
    await this.planner.environment(environment);
    return this.start.run(environment, 'cut-over', async (tx) => {
      const current = (await this.declarations.lock(tx, environment, [tenant])).get(tenant);
      if (current === undefined) throw notDeclared(environment, tenant);
      await this.declarations.save(tx, { ...current, asFound: back, revision: current.revision + 1 });
      return [tenant];
    });
  }

  /** @throws PermanentError `never_taken_over` when its domain was made by us */
  async environment(name: string, back: boolean): Promise<string> {
    await this.planner.environment(name);
    return this.start.run(name, 'cut-over', async (tx) => this.switchDomain(tx, name, back));
  }

  private async switchDomain(tx: Tx, name: string, back: boolean): Promise<string[]> {
    const environment = await this.environments.lock(tx, name);
    if (environment?.found === null || environment === undefined) throw neverTakenOver(name);
    await this.environments.save(tx, { ...environment, asFound: back, revision: environment.revision + 1 });
    return [];
  }
}

const neverTakenOver = (environment: string): PermanentError =>
  new PermanentError('never_taken_over', `The SIP domain of "${environment}" was made by us.`, { status: 409, remedy: 'There is nothing to cut over, and nothing to go back to.' });
