import type { DeclaredNumber } from '@troncal/contracts';
import type { FoundSettings } from '../twilio/account/desired-account.js';

/**
 * A number that a tenant wants at Twilio. `wish` names it among the tenant's: its E.164, or `buy:N` for the N-th that is bought by pattern.
 * wanted → pinned (written down, not bought yet) → provisioned; `waiting` for somebody; `held` when its tenant is gone.
 */
export interface TwilioNumber {
  readonly environment: string;
  readonly tenant: string;
  readonly wish: string;
  readonly e164: string | null;
  readonly state: 'wanted' | 'pinned' | 'provisioned' | 'waiting' | 'held';
  readonly why: string | null;
  readonly who: string | null;
  readonly releasableAt: Date | null;
  /** How its calls were answered when it was taken over; null for one of ours. */
  readonly found: FoundSettings | null;
}

/** How long a number whose tenant is gone is kept: nobody gets one back that was released. */
export const HOLD_DAYS = 30;

/** A declared number with the name that it goes by among its tenant's. */
export interface NumberWanted {
  readonly wish: string;
  readonly number: DeclaredNumber;
}

/** The numbers of a declaration with their names: those that are bought by pattern are counted in their order. */
export function wishesOf(numbers: readonly DeclaredNumber[]): NumberWanted[] {
  let bought = 0;
  return numbers.map((number) => ({ wish: number.e164 ?? `buy:${(bought += 1)}`, number }));
}
