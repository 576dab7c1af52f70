import { crashPoint } from '@troncal/config';
import type { DialDecision } from '@troncal/dial-guard';
import type { Counter } from '@troncal/observability';
import type { Database, Queryable } from '@troncal/persistence';
import type { LateWrites } from '../calls/late-writes.js';

/** A decision of the dial guard and the call it was made for. */
export interface KeptDecision {
  readonly decisionId: string;
  readonly callId: string;
  readonly decision: DialDecision;
}

/** Keeps every decision of the dial guard with all that it was made from. */
export class DialDecisions {
  constructor(
    private readonly db: Database,
    private readonly late: LateWrites,
    private readonly made: Counter<'allowed' | 'reason'>,
  ) {}

  /** Before a call is placed: no decision kept, no call. */
  async keep(kept: KeptDecision, on: Queryable = this.db): Promise<void> {
    this.count(kept);
    await this.write(kept, on);
    crashPoint('dial-decision.after-commit');
  }

  /** For a caller who waits on the line: it must not wait for a database too. */
  keepSoon(kept: KeptDecision): void {
    this.count(kept);
    this.late.add('dial decision', (tx) => {
      tx.onCommit(() => crashPoint('dial-decision.after-commit'));
      return this.write(kept, tx);
    });
  }

  private count({ decision }: KeptDecision): void {
    this.made.inc({ allowed: String(decision.allowed), reason: decision.reason });
  }

  private async write({ decisionId, callId, decision }: KeptDecision, on: Queryable): Promise<void> {
    crashPoint('dial-decision.before-commit');
    await on.run('INSERT INTO dial_decisions (decision_id, call_id, tenant, allowed, reason, decision) VALUES ($1, $2, $3, $4, $5, $6) ON CONFLICT DO NOTHING', [
      decisionId, callId, decision.inputs.request.tenant, decision.allowed, decision.reason, JSON.stringify(decision),
    ]);
  }
}
