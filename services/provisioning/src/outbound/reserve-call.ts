import { Inject, Injectable } from '@nestjs/common';
import { CLOCK } from '@troncal/chassis';
import { crashPoint } from '@troncal/config';
import { decide, type BudgetRate, type DialDecision } from '@troncal/dial-guard';
import { KeyedTurns, newId, type Clock } from '@troncal/kernel';
import { Database, type Tx } from '@troncal/persistence';
import { PriceOfCall } from '../rates/price-of-call.js';
import { budgetUse, dayIn, expiryOf, type Purse } from '../spend/spend-account.js';
import { SpendPublisher } from '../spend/spend.publisher.js';
import { SpendRepository, type SpendMoment } from '../spend/spend.repository.js';
import { DecisionRepository } from './decisions.repository.js';
import type { OutboundDecision, OutboundRequest } from './outbound-desk.js';
import { withBudget, type GuardInput } from './outbound-facts.js';
import { outcomeOf } from './outbound-outcome.js';

/**
 * Decides a call that costs money and keeps the money for it, in one short transaction that holds the tenant's account: what the next one decides from
 * includes what this one kept, on every replica. A request that comes again gets the answer that it got.
 */
@Injectable()
export class ReserveCall {
  /** Only one of a tenant's at a time asks the database: the others would only wait for its lock there, each with a connection that other tenants need. */
  private readonly turns = new KeyedTurns();

  constructor(
    private readonly db: Database,
    private readonly spend: SpendRepository,
    private readonly prices: PriceOfCall,
    private readonly decisions: DecisionRepository,
    private readonly publisher: SpendPublisher,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {}

  /**
   * @param number E.164, as the guard read it
   * @param signal aborted when nobody waits for the answer any more: nothing is kept then, but by a commit that was under way, which lapses
   * @throws TransientError database_away
   */
  async run(request: OutboundRequest, input: GuardInput, number: string, signal: AbortSignal): Promise<OutboundDecision> {
    const { environment, tenant } = request.tenant;
    await this.prices.prepare(number);
    return this.turns.run(`${environment}/${tenant}`, async () => {
      signal.throwIfAborted();
      // Whoever is given up leaves its turn to the next: its statement may hang for longer on a connection that says nothing.
      return Promise.race([this.decided(request, input, number, signal), rejectedBy(signal)]);
    });
  }

  private async decided(request: OutboundRequest, input: GuardInput, number: string, signal: AbortSignal): Promise<OutboundDecision> {
    const outcome = await this.db.transaction(async (tx) => {
      const found = await this.within(tx, request, input, number);
      signal.throwIfAborted();
      crashPoint('outbound-reserve.before-commit');
      return found;
    });
    crashPoint('outbound-reserve.after-commit');
    return outcome;
  }

  private async within(tx: Tx, request: OutboundRequest, input: GuardInput, number: string): Promise<OutboundDecision> {
    const { environment, tenant, timeZone, outbound } = request.tenant;
    const purse: Purse = { environment, tenant };
    const { caps } = await this.spend.lock(tx, purse);
    const before = await this.decisions.find(tx, purse, request.key);
    if (before) return before;
    // After the lock: who waited for it must not decide by an older time than whom it waited for.
    const at = this.clock.date();
    const moment: SpendMoment = { at, day: dayIn(timeZone, at), currency: caps.currency };
    const used = budgetUse(await this.spend.use(tx, purse, moment));
    const rate = await this.prices.find(tx, number, caps.currency);
    const guarded = withBudget(input, { currency: caps.currency, caps, used, ...(rate && { rate }), longestCallS: outbound.longestCallS });
    const decision = decide(guarded.request, guarded.facts);
    const reservationId = await this.keepMoney(tx, request, decision, moment, rate);
    const outcome = outcomeOf(newId(), decision, request, reservationId);
    await this.decisions.keep(tx, { ...purse, key: request.key, callId: request.callId, at, decision, outcome });
    if (!decision.allowed && decision.cap && (await this.spend.alarm(tx, purse, moment.day, decision.cap.name))) {
      await this.publisher.capReached(tx, purse, decision.cap, { day: moment.day, currency: caps.currency, callId: request.callId });
    }
    return outcome;
  }

  private async keepMoney(tx: Tx, { key, callId, tenant }: OutboundRequest, decision: DialDecision, { at, day, currency }: SpendMoment, rate: BudgetRate | undefined): Promise<string | undefined> {
    if (!decision.allowed || decision.destination.kind !== 'trunk' || !decision.destination.limit || !rate) return undefined;
    const { timeLimitS, reserveMicros, reserveMinutes } = decision.destination.limit;
    const reservationId = newId();
    await this.spend.reserve(tx, {
      environment: tenant.environment, tenant: tenant.tenant, reservationId, key, callId, day, currency, perMinuteMicros: rate.perMinuteMicros, reserveMicros, reserveMinutes, madeAt: at, expiresAt: expiryOf(at, timeLimitS),
    });
    return reservationId;
  }
}

function rejectedBy(signal: AbortSignal): Promise<never> {
  return new Promise((_, reject) => signal.addEventListener('abort', () => reject(signal.reason as Error), { once: true }));
}
