import { Inject, Injectable } from '@nestjs/common';
import { LOGGER, PeriodicWork, Schema } from '@troncal/chassis';
import type { Logger } from '@troncal/observability';
import { AskAboutCalls } from './ask-about-calls.js';
import { AskAboutQuality } from './ask-about-quality.js';
import { RailCallRepository } from './rail-call.repository.js';

const EVERY_MS = 60_000;
/** Calls are forgotten here so long after their end: their events are with ari-gateway. */
const KEEP_MS = 30 * 86_400_000;

/** Asks about silent calls, prices and how calls sounded every minute, and forgets old ones. Several replicas share the asking. */
@Injectable()
export class AskInTime extends PeriodicWork {
  protected readonly failure = 'silent calls on Twilio’s rail can’t be asked about now';

  constructor(
    private readonly asking: AskAboutCalls,
    private readonly quality: AskAboutQuality,
    private readonly calls: RailCallRepository,
    schema: Schema,
    @Inject(LOGGER) logger: Logger,
  ) {
    super(EVERY_MS, schema, logger);
  }

  async once(): Promise<void> {
    await this.asking.run();
    await this.quality.run();
    await this.calls.forget(KEEP_MS);
  }
}
