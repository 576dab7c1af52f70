import { Inject, Injectable } from '@nestjs/common';
import { CLOCK, LOGGER } from '@troncal/chassis';
import { errorText, type Clock } from '@troncal/kernel';
import type { Logger } from '@troncal/observability';
import { CallQualityRepository } from '../call-quality/call-quality.repository.js';
import { CallFacts } from './call-facts.js';
import { QualityLookup } from './quality-lookup.js';
import { RailCallRepository, type AskedCall } from './rail-call.repository.js';

export interface QualityLimits {
  /** Asked first so long after the end, ms: Twilio sums a call up some 30 minutes after it. Each next time after four times as long. */
  readonly firstMs: number;
  readonly tries: number;
  /** An account without Voice Insights is asked again after so long, ms. */
  readonly offMs: number;
  readonly atOnce: number;
}

export const QUALITY: QualityLimits = { firstMs: 35 * 60_000, tries: 4, offMs: 3_600_000, atOnce: 100 };

/** Asks Twilio how ended calls and their legs sounded. What it learns are facts like any other, and whether it can be learnt at all is kept for who reads the figures. */
@Injectable()
export class AskAboutQuality {
  constructor(
    private readonly calls: RailCallRepository,
    private readonly lookup: QualityLookup,
    private readonly facts: CallFacts,
    private readonly quality: CallQualityRepository,
    @Inject(CLOCK) private readonly clock: Clock,
    @Inject(LOGGER) private readonly logger: Logger,
  ) {}

  async run({ firstMs, tries, offMs, atOnce }: QualityLimits = QUALITY): Promise<void> {
    for (const call of await this.calls.takeUnmeasured(firstMs, tries, atOnce)) {
      await this.ask(call, offMs).catch((error: unknown) =>
        this.logger.warn({ callSid: call.callSid, tenant: call.tenant, reason: errorText(error) }, 'Twilio could not be asked how a call sounded; it is asked again later'));
    }
  }

  private async ask({ callSid, environment, tenant }: AskedCall, offMs: number): Promise<void> {
    if (!(await this.lookup.knows({ environment, tenant, callSid })) || (await this.isOff(environment, tenant, offMs))) return this.calls.measured(callSid);
    for (const sid of await this.calls.sidsOf(callSid)) {
      const found = await this.lookup.of({ environment, tenant, callSid: sid });
      if (found.state === 'pending') return;
      if (found.state === 'not-enabled') {
        await this.quality.see(environment, tenant, 'not_enabled', this.clock.date());
        return this.calls.measured(callSid);
      }
      if (found.state === 'nothing') continue;
      const { received, sent, tags } = found;
      await this.quality.see(environment, tenant, 'measures', this.clock.date());
      this.facts.note({ kind: 'quality', key: `quality:${sid}`, callSid, environment, tenant, at: this.clock.date().toISOString(), sid, tags, ...(received && { received }), ...(sent && { sent }) });
    }
    await this.calls.measured(callSid);
  }

  private async isOff(environment: string, tenant: string, offMs: number): Promise<boolean> {
    const [source] = await this.quality.sources(tenant, [environment]);
    return source?.state === 'not_enabled' && this.clock.now() - source.seenAt.getTime() < offMs;
  }
}
