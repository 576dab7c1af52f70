import { Inject, Injectable } from '@nestjs/common';
import { CLOCK, LOGGER } from '@troncal/chassis';
import { decide, shownDialled, type DialDecision } from '@troncal/dial-guard';
import { newId, withDeadline, type Clock } from '@troncal/kernel';
import { Metrics, type Logger } from '@troncal/observability';
import { SettleCall } from '../spend/settle-call.js';
import { DecisionLog } from './decision-log.js';
import { OutboundDesk, type OutboundDecision, type OutboundRequest, type Settlement } from './outbound-desk.js';
import { outboundFacts } from './outbound-facts.js';
import { outcomeOf } from './outbound-outcome.js';
import { ReserveCall } from './reserve-call.js';

/** Somebody listens to silence meanwhile, and Twilio gives up after 15 s. */
const DEADLINE_MS = 2_000;

/** The desk over the dial guard and the ledger. */
@Injectable()
export class GuardedOutboundDesk extends OutboundDesk {
  protected readonly deadlineMs: number = DEADLINE_MS;

  constructor(
    private readonly reserve: ReserveCall,
    private readonly settleCall: SettleCall,
    private readonly log: DecisionLog,
    private readonly metrics: Metrics,
    @Inject(CLOCK) private readonly clock: Clock,
    @Inject(LOGGER) private readonly logger: Logger,
  ) {
    super();
  }

  async decide(request: OutboundRequest): Promise<OutboundDecision> {
    const input = outboundFacts(request);
    const first = decide(input.request, input.facts);
    // Without a budget a number that may be called is refused as such, and that refusal stands when no budget can be had.
    if (first.allowed || first.reason !== 'budget_unknown' || first.number === undefined) return this.behind(request, first);
    const late = new AbortController();
    try {
      const outcome = await withDeadline(this.reserve.run(request, input, first.number, late.signal), this.deadlineMs, `The decision about call ${request.callId}`);
      this.told(request, outcome);
      return outcome;
    } catch (error) {
      late.abort(new Error('Nobody waits for the decision any more.'));
      this.logger.error({ err: error, callId: request.callId, tenant: request.tenant.tenant }, 'an outbound call is refused: what its tenant may spend could not be asked for');
      return this.behind(request, first);
    }
  }

  settle(settlement: Settlement): Promise<void> {
    return this.settleCall.run(settlement);
  }

  /** Answers at once what needs no database; the decision is kept behind the answer. */
  private behind(request: OutboundRequest, decision: DialDecision): OutboundDecision {
    const { tenant, callId, key, from } = request;
    const outcome = outcomeOf(newId(), decision, request);
    const kept = { environment: tenant.environment, tenant: tenant.tenant, key, callId, at: this.clock.date(), decision, outcome };
    const unreachable = !outcome.allowed && outcome.reason === 'emergency_unreachable' && decision.allowed && decision.destination.kind === 'emergency';
    if (unreachable) {
      const emergency = { number: decision.destination.number, country: tenant.country, extension: from, acknowledged: tenant.emergency.acknowledged };
      this.logger.error({ callId, tenant: tenant.tenant, environment: tenant.environment, ...emergency }, 'an emergency call has no way out: the caller was told to use another telephone');
      this.log.keepSoon(kept, emergency);
    } else this.log.keepSoon(kept);
    this.told(request, outcome);
    return outcome;
  }

  private told({ callId, tenant, dialled }: OutboundRequest, outcome: OutboundDecision): void {
    const reason = outcome.allowed ? outcome.target.kind : outcome.reason;
    this.metrics.counter('troncal_dial_decisions_total').inc({ allowed: String(outcome.allowed), reason });
    this.logger.info({ callId, tenant: tenant.tenant, to: shownDialled(dialled), allowed: outcome.allowed, reason }, 'an outbound leg was decided');
  }
}
