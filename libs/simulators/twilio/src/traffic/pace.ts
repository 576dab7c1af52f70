import { z } from 'zod';

/** How Twilio keeps time. All in milliseconds. */
export const paceSchema = z.strictObject({
  latencyMs: z.number().min(0).default(0),
  /** Buying a number takes longer than anything else. */
  purchaseMs: z.number().min(0).default(0),
  /** Of each time, by how much it is more or less: 0.3 is ± 30 %. */
  jitter: z.number().min(0).max(1).default(0),
  /** Requests of one account (with its subaccounts) at once; more are refused with 20429. No limit is published. */
  atOnce: z.int().min(1).default(1_000_000),
});
export type Pace = z.output<typeof paceSchema>;
export type PaceWish = z.input<typeof paceSchema>;

/** How long this request takes. */
export function durationOf({ latencyMs, purchaseMs, jitter }: Pace, method: string, place: string): number {
  const base = method === 'POST' && place.endsWith('/IncomingPhoneNumbers.json') ? Math.max(purchaseMs, latencyMs) : latencyMs;
  return base * (1 + jitter * (2 * Math.random() - 1));
}
