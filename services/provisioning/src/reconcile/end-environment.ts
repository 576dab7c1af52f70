import { Injectable } from '@nestjs/common';
import { EnvironmentRepository } from '../environments/environments.repository.js';
import { ForgetEnvironment } from '../environments/forget-environment.js';
import type { Run } from '../runs/run.js';
import { EndRun } from './end-run.js';
import { PerformPlan } from './perform-plan.js';

/** What makes a run of kind `delete` one that ends its environment. */
export const ENDS_ENVIRONMENT: Run['params'] = { ends: 'environment' };
export const endsEnvironment = ({ params }: Run): boolean => params['ends'] === ENDS_ENVIRONMENT['ends'];

/** Takes away what guards an environment at Twilio, and then the environment. */
@Injectable()
export class EndEnvironment {
  constructor(
    private readonly environments: EnvironmentRepository,
    private readonly performer: PerformPlan,
    private readonly forget: ForgetEnvironment,
  ) {}

  async run(run: Run, ending: EndRun): Promise<void> {
    // Gone already, by a process that died before it said so.
    if ((await this.environments.find(run.environment)) === undefined) return ending.end(run, { state: 'whole', fault: null, waiting: [] });
    const performed = await this.performer.run(run, { leaving: true });
    if (performed.outcomes.every(({ how }) => how === 'done')) await this.forget.run(run.environment);
    await ending.run(run, performed);
  }
}
