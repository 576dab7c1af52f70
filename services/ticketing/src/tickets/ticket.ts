/** How a caller left a queue without anybody having taken the call. */
export type MissedOutcome = 'abandoned' | 'timeout' | 'no_members';

/** A call that nobody took. */
export interface MissedCall {
  readonly tenant: string;
  readonly callId: string;
  /** The caller as presented; empty when withheld. */
  readonly from: string;
  readonly queue: string;
  readonly outcome: MissedOutcome;
  readonly waitedMs: number;
  /** What the AI agent knew. */
  readonly summary?: string | undefined;
  /** When the caller left the queue. */
  readonly at: Date;
}

/** Work for a person. */
export interface Ticket {
  readonly ticketId: string;
  readonly tenant: string;
  /** Counts within the tenant, without gaps. */
  readonly number: number;
  readonly reason: 'missed_call';
  readonly state: 'open';
  readonly title: string;
  readonly call: MissedCall;
  readonly openedAt: Date;
}

/** The ticket that a missed call is worth. */
export function ticketFor(call: MissedCall, ticketId: string, number: number): Ticket {
  const caller = call.from.trim();
  const title = caller === '' ? 'Nobody took a call from a withheld number' : `Nobody took the call from ${caller}`;
  return { ticketId, tenant: call.tenant, number, reason: 'missed_call', state: 'open', title, call, openedAt: call.at };
}
