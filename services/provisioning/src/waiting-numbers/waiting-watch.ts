import { Inject, Injectable } from '@nestjs/common';
import { CONFIG, LOGGER, PeriodicWork, Schema } from '@troncal/chassis';
import type { Logger } from '@troncal/observability';
import { Database } from '@troncal/persistence';
import type { ProvisioningConfig } from '../config.js';
import { EnvironmentRepository } from '../environments/environments.repository.js';
import { LookAtWaiting } from './look-at-waiting.js';

/** Looks once in a while at what numbers wait for, in one replica: also where nobody's callback tells of it, and after a restart. */
@Injectable()
export class WaitingWatch extends PeriodicWork {
  protected readonly failure = 'what numbers wait for can’t be looked at now';

  constructor(
    private readonly db: Database,
    private readonly environments: EnvironmentRepository,
    private readonly look: LookAtWaiting,
    @Inject(CONFIG) private readonly config: ProvisioningConfig,
    schema: Schema,
    @Inject(LOGGER) logger: Logger,
  ) {
    super(config.WAITING_CHECK_SECONDS * 1_000, schema, logger);
  }

  /** One look at all environments; none while another replica is looking, or without an account. */
  async once(): Promise<void> {
    if (this.config.TWILIO_ACCOUNT_SID === undefined) return;
    await this.db.tryExclusively('provisioning.waiting', async () => {
      for (const { name } of await this.environments.list()) await this.look.run(name);
    });
  }
}
