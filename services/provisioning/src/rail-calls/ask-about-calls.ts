import { Inject, Injectable } from '@nestjs/common';
import { CLOCK, LOGGER } from '@troncal/chassis';
import { errorText, type Clock } from '@troncal/kernel';
import type { Logger } from '@troncal/observability';
import { CallFacts } from './call-facts.js';
import { CallLookup } from './call-lookup.js';
import { isFinal } from './rail-causes.js';
import { RailCallRepository, type AskedCall } from './rail-call.repository.js';

/** How patient the asking is. */
export interface AskingLimits {
  /** A call that has not ended is asked about when nothing was heard of it for so long, ms, and then as often. */
  readonly silentMs: number;
  /** A call that nobody can be asked about is over after this, ms: Twilio ends every call after four hours. */
  readonly longestMs: number;
  /** A price is first asked for so long after the end, ms; each next time after four times as long. */
  readonly priceMs: number;
  readonly priceTries: number;
  readonly atOnce: number;
}

export const ASKING: AskingLimits = { silentMs: 600_000, longestMs: 5 * 3_600_000, priceMs: 120_000, priceTries: 6, atOnce: 100 };

/**
 * Asks Twilio about calls whose end was not told, as its last callback was lost, and about what ended calls cost. What it learns are facts like any
 * other; an end that was found this way is told with `recovered`.
 */
@Injectable()
export class AskAboutCalls {
  constructor(
    private readonly calls: RailCallRepository,
    private readonly lookup: CallLookup,
    private readonly facts: CallFacts,
    @Inject(CLOCK) private readonly clock: Clock,
    @Inject(LOGGER) private readonly logger: Logger,
  ) {}

  async run(limits: AskingLimits = ASKING): Promise<void> {
    for (const call of await this.calls.takeSilent(limits.silentMs, limits.atOnce)) await this.each(call, () => this.askForEnd(call, limits));
    for (const call of await this.calls.takeUnpriced(limits.priceMs, limits.priceTries, limits.atOnce)) await this.each(call, () => this.askForPrice(call));
  }

  private async askForEnd(call: AskedCall, { longestMs }: AskingLimits): Promise<void> {
    const isKnown = await this.lookup.knows(call);
    if (!isKnown && this.clock.now() - call.heardAt < longestMs) return;
    const found = isKnown ? await this.lookup.find(call) : undefined;
    if (found && !isFinal(found.status)) return;
    const { status, from, to, endedAt, durationS } = found ?? { status: 'completed' as const, from: undefined, to: undefined, endedAt: undefined, durationS: undefined };
    this.logger.warn({ callSid: call.callSid, tenant: call.tenant, status, found: found !== undefined }, 'the end of a call was not told and is taken from what Twilio knows');
    this.facts.note({
      kind: 'status', key: `status:${status}`, callSid: call.callSid, environment: call.environment, tenant: call.tenant, at: (endedAt ?? this.clock.date()).toISOString(), status, recovered: true,
      ...(durationS !== undefined && { durationS }), ...(from !== undefined && { from: from.slice(0, 80) }), ...(to !== undefined && { to: to.slice(0, 80) }),
    });
  }

  private async askForPrice(call: AskedCall): Promise<void> {
    const prices = (await this.lookup.knows(call)) ? await this.lookup.prices(call) : [];
    if (!prices) return;
    for (const { sid, priceMicros, currency } of prices) {
      this.facts.note({ kind: 'cost', key: `cost:${sid}`, callSid: call.callSid, environment: call.environment, tenant: call.tenant, at: this.clock.date().toISOString(), sid, priceMicros, currency });
    }
    await this.calls.priced(call.callSid);
  }

  private async each(call: AskedCall, ask: () => Promise<void>): Promise<void> {
    await ask().catch((error: unknown) => this.logger.warn({ callSid: call.callSid, tenant: call.tenant, reason: errorText(error) }, 'Twilio could not be asked about a call; it is asked again later'));
  }
}
