import type { CallFacts, RailFact } from '../../rail-calls/call-facts.js';

type DistributiveOmit<T, K extends string> = T extends unknown ? Omit<T, K> : never;
/** A fact without what all facts of a call have in common. */
export type BareFact = DistributiveOmit<RailFact, 'callSid' | 'environment' | 'tenant' | 'at'>;

/** Whose call the facts are of. */
export interface CallOwner {
  readonly callSid: string;
  readonly environment: string;
  readonly tenant: string;
}

/** The tenant of calls that are nobody's. */
export { PLATFORM_TENANT as NOBODY } from '@troncal/contracts';

/** Notes facts of one call. */
export class CallNotes {
  constructor(
    private readonly facts: CallFacts,
    private readonly owner: CallOwner,
    private readonly now: string,
  ) {}

  /** @param at when it happened, ISO 8601; now when left out */
  note(fact: BareFact, at = this.now): void {
    this.facts.note({ ...fact, ...this.owner, at });
  }
}

/** A party as facts hold it: what a caller's network or phone says of itself may be anything, of any length. */
export const party = (text: string): string => text.slice(0, 80);
