import { z } from 'zod';
import { environmentNameSchema } from '../../declaration/environment.js';
import { defineEvent } from '../../envelope/define-event.js';

/** A call was refused by a cap of its tenant. */
export const SpendCapReachedV1 = defineEvent({
  name: 'SpendCapReached',
  version: 1,
  domain: 'tenants',
  aggregate: 'spend',
  producers: ['provisioning'],
  consumers: [],
  summary: 'A call was refused by a cap of its tenant; said once per cap and day of the tenant’s time zone, by the first call refused.',
  data: z.object({
    environment: environmentNameSchema,
    cap: z.enum(['day_spend', 'month_spend', 'day_minutes', 'calls_per_minute', 'concurrent_calls']),
    limit: z.int().min(0).describe('Millionths of the currency’s unit, minutes or calls.'),
    used: z.int().min(0).describe('Spent, and kept for calls that run.'),
    currency: z.string().regex(/^[A-Z]{3}$/).optional().describe('ISO 4217, when the cap is one of money.'),
    day: z.iso.date(),
    callId: z.string().max(64),
  }),
  example: { environment: 'prod', cap: 'day_spend', limit: 10_000_000, used: 9_990_000, currency: 'USD', day: '2026-11-30', callId: '0198c2d4-5a10-7c3e-9d55-3f1f6f0a1b2c' },
});
