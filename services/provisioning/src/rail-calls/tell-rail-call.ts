import { Inject, Injectable } from '@nestjs/common';
import { LOGGER } from '@troncal/chassis';
import type { Logger } from '@troncal/observability';
import { Database } from '@troncal/persistence';
import { foldFacts, whoseCall } from './fold-facts.js';
import { CountCall } from '../kpis/count-call.js';
import { CallSoFar } from './call-so-far.js';
import { RailCallRepository } from './rail-call.repository.js';
import { RailCallsPublisher } from './rail-calls.publisher.js';

/** States what is due of one call: the events and the record of them in one transaction, so that each is stated once, whoever dies in between. */
@Injectable()
export class TellRailCall {
  constructor(
    private readonly db: Database,
    private readonly calls: RailCallRepository,
    private readonly publisher: RailCallsPublisher,
    private readonly count: CountCall,
    @Inject(LOGGER) private readonly logger: Logger,
  ) {}

  /**
   * @param behindMs how long facts have waited that are not stored yet, and may be this call's: nothing is taken for missing that
   *   had no more time than that to be stored
   */
  run(callSid: string, behindMs: number): Promise<void> {
    return this.db.transaction(async (tx) => {
      const call = await this.calls.lock(tx, callSid);
      if (!call) return;
      const stated = new Set(call.stated);
      const { due, wakeAt, late } = foldFacts(call.facts, stated, call.now - behindMs);
      // Once something was said of a call, it stays the tenant's of whom it was said.
      const { environment, tenant } = (call.stated.length === 0 ? whoseCall(call.facts) : undefined) ?? call;
      for (const event of due) await this.publisher.state(tx, { callId: call.callId, tenant }, event);
      if (late.length > 0) this.logger.warn({ call: call.callId, tenant, facts: late }, 'facts of a call came after its end had been stated, and are not told');
      const last = due.find(({ name }) => name === 'CallEnded' || (name === 'CallRefused' && !due.some((other) => other.name === 'CallStarted') && !call.stated.includes('started')));
      const soFar = new CallSoFar(call.facts);
      const counted = await this.count.within(tx, { tenant, call: soFar, last, stated });
      const { waitsIn, talksWith } = soFar;
      await this.calls.advance(tx, callSid, {
        environment, tenant, stated: [...due.map(({ key }) => key), ...late, ...counted], dueAt: wakeAt === undefined ? undefined : wakeAt + behindMs, endedAt: last?.at,
        heardAt: Math.max(...call.facts.map(({ notedAt }) => notedAt)), talksWith,
        waitsIn: waitsIn && { queue: waitsIn.fact.queue, tenant: waitsIn.fact.queueOf ?? tenant, since: waitsIn.at },
      });
    });
  }
}
