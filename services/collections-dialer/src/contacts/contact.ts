/** Which way a call went. */
export type Direction = 'inbound' | 'outbound' | 'internal';
/** How a call ended. */
export type Disposition = 'answered' | 'no_answer' | 'busy' | 'failed' | 'abandoned' | 'rejected';

/** One call with one other party, as the ledger knows it by now. */
export interface Contact {
  readonly callId: string;
  readonly tenant: string;
  /** The other party’s number or extension; empty when withheld. */
  readonly party: string;
  readonly direction: Direction;
  /** null while the call lasts. */
  readonly disposition: Disposition | null;
  readonly startedAt: Date;
  readonly answeredAt: Date | null;
  readonly endedAt: Date | null;
  readonly durationMs: number | null;
  /** Time from answer to end. */
  readonly answeredMs: number | null;
}

/** What one event tells of a call; what it does not tell is absent. Telling the same again, or in another order, changes nothing. */
export type ContactFacts = Pick<Contact, 'callId' | 'tenant'> & Partial<Contact>;

/** The other party: who called us, else whom the call went to. */
export function otherParty(call: { readonly direction: Direction; readonly from: string; readonly to: string }): string {
  return call.direction === 'inbound' ? call.from : call.to;
}

/** When a call began that lasted so long. */
export function startOf(ended: Date, durationMs: number): Date {
  return new Date(ended.getTime() - durationMs);
}
