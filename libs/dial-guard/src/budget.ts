/** Caps of a tenant; null: none. Money in millionths of the currency's unit. */
export interface BudgetCaps {
  readonly dayMicros: number | null;
  readonly monthMicros: number | null;
  readonly minutesPerDay: number | null;
  readonly callsPerMinute: number | null;
  readonly concurrentCalls: number | null;
}

/** What was spent and what is kept for calls that run, both in one. */
export interface BudgetUse {
  readonly dayMicros: number;
  readonly monthMicros: number;
  /** As they are billed: each minute begun counts. */
  readonly dayMinutes: number;
  /** Begun within the last 60 s. */
  readonly callsLastMinute: number;
  readonly concurrentCalls: number;
}

/** What a minute to this number costs, by the longest prefix that has a price, or the platform's price for all that have none. */
export interface BudgetRate {
  readonly perMinuteMicros: number;
  readonly source: 'prefix' | 'default';
  readonly prefix: string;
}

/** All that the decision about the money is made from. */
export interface BudgetFacts {
  readonly currency: string;
  readonly caps: BudgetCaps;
  readonly used: BudgetUse;
  /** Absent: nobody knows what it costs. */
  readonly rate?: BudgetRate;
  /** Seconds after which a call is ended whatever it costs. */
  readonly longestCallS: number;
}

/** Which cap was reached. */
export type CapName = 'day_spend' | 'month_spend' | 'day_minutes' | 'calls_per_minute' | 'concurrent_calls';

export type BudgetVerdict =
  | { readonly affordable: true; readonly timeLimitS: number; readonly reserveMinutes: number; readonly reserveMicros: number }
  | { readonly affordable: false; readonly reason: 'no_rate' }
  | { readonly affordable: false; readonly reason: 'spend_cap' | 'minutes_cap' | 'burst_cap' | 'concurrency_cap'; readonly cap: CapName; readonly limit: number; readonly used: number };

/** A call that is to end at a full minute may be counted a moment longer, and the next minute billed whole: it ends so much earlier. */
const END_MARGIN_S = 5;

/**
 * How long a call may last, and what is kept for it: the longest that every cap allows, in minutes begun, as Twilio bills. A call for which not even one
 * minute is left is refused. Reserving `reserveMicros` before the next one is decided keeps the sum of all calls below the caps, whatever they do.
 */
export function affords({ caps, used, rate, longestCallS }: BudgetFacts): BudgetVerdict {
  if (caps.concurrentCalls !== null && used.concurrentCalls >= caps.concurrentCalls) return reached('concurrency_cap', 'concurrent_calls', caps.concurrentCalls, used.concurrentCalls);
  if (caps.callsPerMinute !== null && used.callsLastMinute >= caps.callsPerMinute) return reached('burst_cap', 'calls_per_minute', caps.callsPerMinute, used.callsLastMinute);
  if (!rate) return { affordable: false, reason: 'no_rate' };
  const minutesFor = (micros: number): number => (rate.perMinuteMicros === 0 ? Number.POSITIVE_INFINITY : Math.floor(micros / rate.perMinuteMicros));
  const limits = [
    { reason: 'minutes_cap', cap: 'day_minutes', limit: caps.minutesPerDay, used: used.dayMinutes, minutes: (left: number) => left },
    { reason: 'spend_cap', cap: 'day_spend', limit: caps.dayMicros, used: used.dayMicros, minutes: minutesFor },
    { reason: 'spend_cap', cap: 'month_spend', limit: caps.monthMicros, used: used.monthMicros, minutes: minutesFor },
  ] as const;
  let reserveMinutes = Math.ceil((longestCallS + END_MARGIN_S) / 60);
  for (const { reason, cap, limit, used: gone, minutes } of limits) {
    if (limit === null) continue;
    const left = gone >= limit ? 0 : minutes(limit - gone);
    if (left < 1) return reached(reason, cap, limit, gone);
    reserveMinutes = Math.min(reserveMinutes, left);
  }
  return { affordable: true, timeLimitS: Math.min(longestCallS, reserveMinutes * 60 - END_MARGIN_S), reserveMinutes, reserveMicros: reserveMinutes * rate.perMinuteMicros };
}

/** Minutes that are billed for so many seconds. */
export const billedMinutes = (billedS: number): number => Math.ceil(billedS / 60);

function reached(reason: 'spend_cap' | 'minutes_cap' | 'burst_cap' | 'concurrency_cap', cap: CapName, limit: number, used: number): BudgetVerdict {
  return { affordable: false, reason, cap, limit, used };
}
