import { Inject, Injectable } from '@nestjs/common';
import { CONFIG, LOGGER, PeriodicWork, Schema } from '@troncal/chassis';
import type { Logger } from '@troncal/observability';
import { Database } from '@troncal/persistence';
import type { ProvisioningConfig } from '../config.js';
import { hasGuards } from '../environments/environment.js';
import { EnvironmentRepository } from '../environments/environments.repository.js';
import { RunRepository } from '../runs/runs.repository.js';
import { LookAndRepair } from './look-and-repair.js';

/** Looks at every environment once in a while, in one replica; what drifted is told, and repaired where the environment says so. */
@Injectable()
export class DriftWatch extends PeriodicWork {
  protected readonly failure = 'drift can’t be looked for now';

  constructor(
    private readonly db: Database,
    private readonly environments: EnvironmentRepository,
    private readonly runs: RunRepository,
    private readonly work: LookAndRepair,
    @Inject(CONFIG) private readonly config: ProvisioningConfig,
    schema: Schema,
    @Inject(LOGGER) logger: Logger,
  ) {
    super(config.DRIFT_CHECK_SECONDS * 1_000, schema, logger);
  }

  /** One look at all of them; none while another replica is looking, or without an account. */
  async once(): Promise<void> {
    if (this.config.TWILIO_ACCOUNT_SID === undefined) return;
    await this.db.tryExclusively('provisioning.drift', async () => {
      const [tenants, busy] = [await this.environments.tenants(), new Set((await this.runs.underWay()).map(({ environment }) => environment))];
      // What a run is at work on differs by its nature.
      for (const environment of await this.environments.list()) if (((tenants.get(environment.name) ?? 0) > 0 || hasGuards(environment)) && !busy.has(environment.name)) await this.work.run(environment.name, environment.repair === 'automatic');
    });
  }
}
