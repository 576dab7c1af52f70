import { wholeNumber } from '@troncal/config';
import { z } from 'zod';

/** Settings about the money of outbound calls. Amounts in millionths of the currency's unit. */
export const spendEnv = {
  /** What Twilio bills the account in. */
  OUTBOUND_CURRENCY: z
    .string()
    .regex(/^[A-Z]{3}$/)
    .describe('a currency of ISO 4217, such as USD')
    .default('USD'),
  /** What a minute costs to numbers of which no price is known; without it they can't be called. */
  OUTBOUND_DEFAULT_RATE_MICROS: wholeNumber(0, 1_000_000_000).optional(),
  /** The caps of tenants for which nobody has set any. */
  OUTBOUND_DAY_CAP_MICROS: wholeNumber(0, 1_000_000_000_000).default(10_000_000),
  OUTBOUND_MONTH_CAP_MICROS: wholeNumber(0, 1_000_000_000_000).default(100_000_000),
  OUTBOUND_MINUTES_PER_DAY: wholeNumber(0, 1_000_000).default(600),
  OUTBOUND_CALLS_PER_MINUTE: wholeNumber(0, 10_000).default(10),
  OUTBOUND_CONCURRENT_CALLS: wholeNumber(0, 10_000).default(5),
};
export type SpendConfig = z.output<z.ZodObject<typeof spendEnv>>;
