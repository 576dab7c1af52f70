import type { Caps } from '@troncal/contracts';
import type { BudgetUse } from '@troncal/dial-guard';

/** Whose money it is. */
export interface Purse {
  readonly environment: string;
  readonly tenant: string;
}

/** The caps of a tenant; revision 0: the platform's defaults, since nobody has set any. */
export interface SpendAccount {
  readonly caps: Caps;
  readonly revision: number;
}

/** What was spent and what is kept, apart. `callsLastMinute` and `concurrentCalls` are of calls, not of money. */
export interface SpendUse {
  readonly settled: { readonly dayMicros: number; readonly monthMicros: number; readonly dayMinutes: number };
  readonly reserved: { readonly dayMicros: number; readonly monthMicros: number; readonly dayMinutes: number };
  readonly callsLastMinute: number;
  readonly concurrentCalls: number;
}

/** Money kept for one call. */
export interface Reservation extends Purse {
  readonly reservationId: string;
  /** The request that it was made for, {@link OutboundRequest.key}. */
  readonly key: string;
  readonly callId: string;
  /** In the tenant's time zone, `2026-11-30`. */
  readonly day: string;
  readonly currency: string;
  readonly perMinuteMicros: number;
  readonly reserveMicros: number;
  readonly reserveMinutes: number;
  readonly madeAt: Date;
  /** Nobody settled it until then: it lapses. */
  readonly expiresAt: Date;
}

/** From ringing to the last callback about a call that lasted its whole time limit. */
const AFTERMATH_S = 600;

/** When a reservation lapses: after the longest that the call may last, the time it may ring, and the time its end may take to be told. */
export function expiryOf(madeAt: Date, timeLimitS: number): Date {
  return new Date(madeAt.getTime() + (timeLimitS + AFTERMATH_S) * 1_000);
}

/** As the guard wants it: spent and kept in one. */
export function budgetUse({ settled, reserved, callsLastMinute, concurrentCalls }: SpendUse): BudgetUse {
  return {
    dayMicros: settled.dayMicros + reserved.dayMicros,
    monthMicros: settled.monthMicros + reserved.monthMicros,
    dayMinutes: settled.dayMinutes + reserved.dayMinutes,
    callsLastMinute,
    concurrentCalls,
  };
}

/** The date there, `2026-11-30`. @throws RangeError for a time zone that doesn't exist */
export function dayIn(timeZone: string, at: Date): string {
  return new Intl.DateTimeFormat('en-CA', { timeZone, year: 'numeric', month: '2-digit', day: '2-digit' }).format(at);
}
