import type { DialDecision } from '@troncal/dial-guard';
import type { Queryable, Tx } from '@troncal/persistence';
import type { Purse } from '../spend/spend-account.js';
import type { OutboundDecision } from './outbound-desk.js';

/** A decision with its inputs, and what it came to. */
export interface KeptDecision extends Purse {
  readonly key: string;
  readonly callId: string;
  readonly at: Date;
  readonly decision: DialDecision;
  readonly outcome: OutboundDecision;
}

/** Keeps every decision about an outbound leg. */
export abstract class DecisionRepository {
  /** What was answered to that request before. */
  abstract find(db: Queryable, purse: Purse, key: string): Promise<OutboundDecision | undefined>;
  /** False when the request has been decided already: that decision stands. */
  abstract keep(tx: Tx, kept: KeptDecision): Promise<boolean>;
}
