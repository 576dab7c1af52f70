import { Injectable } from '@nestjs/common';
import { ENDS_ENVIRONMENT } from '../reconcile/end-environment.js';
import { StartRun } from '../runs/start-run.js';
import { hasGuards } from './environment.js';
import { unknownEnvironment } from './environments.errors.js';
import { EnvironmentRepository } from './environments.repository.js';
import { ForgetEnvironment } from './forget-environment.js';

/**
 * Forgets an environment in which nothing is left. Its SIP domain stays at Twilio: a name that is given up may be somebody else's the next moment. What guards it there goes first, by a run at whose
 * end it is forgotten.
 */
@Injectable()
export class DeleteEnvironment {
  constructor(
    private readonly environments: EnvironmentRepository,
    private readonly forget: ForgetEnvironment,
    private readonly start: StartRun,
  ) {}

  /** @returns the run; undefined when it is gone now @throws PermanentError `unknown_environment`, `environment_not_empty`, `run_under_way` */
  async run(name: string): Promise<string | undefined> {
    const environment = await this.environments.find(name);
    if (environment === undefined) throw unknownEnvironment(name);
    if (hasGuards(environment)) return this.start.run(name, 'delete', (tx) => this.forget.lockEmpty(tx, name).then(() => []), ENDS_ENVIRONMENT);
    await this.forget.run(name);
    return undefined;
  }
}
