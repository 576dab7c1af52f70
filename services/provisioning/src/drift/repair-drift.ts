import { Injectable } from '@nestjs/common';
import { DeclarationRepository } from '../declarations/declarations.repository.js';
import { PlanEnvironment } from '../reconcile/plan-environment.js';
import { StartRun } from '../runs/start-run.js';

/** Begins to bring a whole environment back to what is declared. @throws PermanentError `unknown_environment`, `run_under_way`, `twilio_not_configured` */
@Injectable()
export class RepairDrift {
  constructor(
    private readonly planner: PlanEnvironment,
    private readonly declarations: DeclarationRepository,
    private readonly start: StartRun,
  ) {}

  /** @returns the run */
  async run(environment: string): Promise<string> {
    await this.planner.environment(environment);
    this.planner.platform();
    return this.start.run(environment, 'repair', async (tx) => (await this.declarations.list(environment, undefined, tx)).map(({ tenant }) => tenant));
  }
}
