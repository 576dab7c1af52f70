import { Inject, Injectable } from '@nestjs/common';
import { LOGGER, PeriodicWork, Schema } from '@troncal/chassis';
import { errorText } from '@troncal/kernel';
import type { Logger } from '@troncal/observability';
import { EnvironmentRepository } from '../environments/environments.repository.js';
import { AvailabilityRepository } from './availability.repository.js';
import { ProbeVoice } from './probe-voice.js';
import { ReadFailures } from './read-failures.js';

const EVERY_MS = 15_000;
const PROBE_EVERY_MS = 60_000;
const ALERTS_EVERY_MS = 300_000;

/** Asks each environment's public voice URLs every minute, and Twilio's debugger every five what it had no answer to. Of several replicas one does, in turns. */
@Injectable()
export class WatchAvailability extends PeriodicWork {
  protected readonly failure = 'it can’t be looked now whether Twilio gets answers';

  constructor(
    private readonly environments: EnvironmentRepository,
    private readonly availability: AvailabilityRepository,
    private readonly probe: ProbeVoice,
    private readonly failures: ReadFailures,
    schema: Schema,
    @Inject(LOGGER) logger: Logger,
  ) {
    super(EVERY_MS, schema, logger);
  }

  async once(): Promise<void> {
    for (const environment of await this.environments.list()) {
      if (await this.availability.takeTurn(environment.name, 'probe', PROBE_EVERY_MS)) await this.probe.run(environment);
      if (!(await this.availability.takeTurn(environment.name, 'alerts', ALERTS_EVERY_MS))) continue;
      await this.failures.run(environment).catch((error: unknown) => this.logger.warn({ environment: environment.name, reason: errorText(error) }, 'Twilio’s debugger can’t be read; it is read again later'));
    }
  }
}
