import { z } from 'zod';

/**
 * A watch on what the account of an environment uses, with all that is beside Troncal in it: the outer guard around each tenant's caps. It stops nothing; UsageTriggerFired is said.
 * Named like Twilio's own: https://www.twilio.com/docs/usage/api/usage-trigger
 */
export const usageTriggerSchema = z.strictObject({
  name: z.string().regex(/^[a-z][a-z0-9-]{0,19}$/, 'expected a lower-case word of at most 20 characters, e.g. daily-spend'),
  category: z.string().regex(/^[a-z][a-z0-9-]{1,63}$/, 'expected a usage category of Twilio’s, e.g. totalprice or calls-outbound').default('totalprice'),
  by: z.enum(['price', 'usage', 'count']).default('price').describe('price: the account’s currency; usage: minutes, where calls are counted; count: how many.'),
  above: z.number().positive().max(1_000_000_000).describe('It fires when this is reached.'),
  every: z.enum(['day', 'month', 'year', 'ever']).default('day').describe('Counted anew each day, month or year (UTC); ever: once for all time.'),
});
export type DeclaredUsageTrigger = z.output<typeof usageTriggerSchema>;

export const usageTriggersSchema = z
  .array(usageTriggerSchema)
  .max(50)
  .refine((all) => new Set(all.map(({ name }) => name)).size === all.length, 'a name stands here twice: give each its own')
  .refine((all) => all.every(({ category, by }) => category !== 'totalprice' || by === 'price'), 'totalprice is counted by price alone: write by: price, or another category');
