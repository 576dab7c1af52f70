import { faultSchema } from '@troncal/simulator-program';
import { z } from 'zod';
import { deviceWishSchema, macSchema } from './world.js';

/** How GDMS keeps time. Its own limits are published nowhere. */
export const paceSchema = z.strictObject({
  latencyMs: z.number().min(0).default(0),
  /** Requests at once; more are refused with 429. */
  atOnce: z.int().min(1).default(1_000_000),
  /** Requests within any second; more are refused with 429. */
  perSecond: z.int().min(1).default(1_000_000),
});
export type Pace = z.output<typeof paceSchema>;

/** What may be told to the simulator, all of it optional; what isn't said stays. */
export const settingsSchema = z.strictObject({
  /** In place of those that were set. A fault's place is a path below the version, `device/add`, or `oauth/token`. */
  faults: z.array(faultSchema).optional(),
  pace: paceSchema.optional(),
  /** Made so, or made. */
  devices: z.array(deviceWishSchema).optional(),
  /** Deleted by hand. */
  removed: z.array(macSchema).optional(),
  /** Whether what is added is online at once. */
  isPluggedIn: z.boolean().optional(),
  tokenSeconds: z.number().min(0).optional(),
  /** No token is good from now on; `all`: nor what renews them. */
  expired: z.enum(['access', 'all']).optional(),
  /** How a bad token is refused: by status 401, or with 200 and an envelope. Which of both GDMS does is not known. */
  refusesTokenBy: z.enum(['status', 'envelope']).optional(),
});
export type Settings = z.input<typeof settingsSchema>;
