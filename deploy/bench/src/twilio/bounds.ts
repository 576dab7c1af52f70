/** How long an account's answers take, in ms. */
export interface Pace {
  /** L: each request but a purchase. */
  readonly latencyMs: number;
  /** B: buying a number. */
  readonly purchaseMs: number;
}

/** A request as the account saw it, in ms of one clock. */
export interface Span {
  readonly began: number;
  readonly ended: number;
}

/** Rounds of the look before any change: domains, lists and numbers; then users and mappings. */
export const LOOK_ROUNDS = 2;

/**
 * No way of making one tenant takes less: the look, and then the longer of the purchase and the chain of changes that need each other, in ms of mean answers. The purchase needs none
 * of them. @param depth changes of that chain
 */
export const boundOfOne = ({ latencyMs: l, purchaseMs: b }: Pace, depth: number): number => LOOK_ROUNDS * l + Math.max(depth === 0 ? 0 : b, depth * l);

/** No way of making many takes less: every change costs its time in one of the places, and lists and mappings come one after another (reference/twilio.md, section 11). In ms. */
export const boundOfMany = ({ latencyMs: l, purchaseMs: b }: Pace, tenants: number, places: number): number => (2 * tenants * l + tenants * b) / places + 3 * l;

/** The longest row of requests of which each began when the one before had been answered: round trips one after another. */
export function roundTrips(spans: readonly Span[]): number {
  let [free, count] = [-Infinity, 0];
  for (const { began, ended } of spans.toSorted((one, other) => one.ended - other.ended)) {
    if (began < free) continue;
    [free, count] = [ended, count + 1];
  }
  return count;
}

/** For how much of a time at least one of the requests was under way, ms: the rest is not the account's. */
export function covered(spans: readonly Span[]): number {
  let [until, sum] = [-Infinity, 0];
  for (const { began, ended } of spans.toSorted((one, other) => one.began - other.began)) {
    sum += Math.max(0, ended - Math.max(began, until));
    until = Math.max(until, ended);
  }
  return sum;
}
