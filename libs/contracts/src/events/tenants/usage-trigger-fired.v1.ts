import { z } from 'zod';
import { environmentNameSchema } from '../../declaration/environment.js';
import { usageTriggerSchema } from '../../declaration/usage-trigger.js';
import { defineEvent } from '../../envelope/define-event.js';

const { name, category, by } = usageTriggerSchema.shape;

export const usageFiringSchema = z.object({
  environment: environmentNameSchema,
  trigger: name.describe('As it is declared.'),
  category: category.removeDefault(),
  by: by.removeDefault(),
  limit: z.number().nonnegative(),
  value: z.number().nonnegative().describe('As it was when it fired, of the account with all that is beside Troncal in it.'),
  recurring: z.enum(['daily', 'monthly', 'yearly', 'alltime']),
  firedAt: z.iso.datetime(),
});
export type UsageFiring = z.output<typeof usageFiringSchema>;

/** An account has used as much as a declared trigger watches for. */
export const UsageTriggerFiredV1 = defineEvent({
  name: 'UsageTriggerFired',
  version: 1,
  domain: 'tenants',
  aggregate: 'environment',
  producers: ['provisioning'],
  consumers: [],
  summary: 'An account has used as much as a declared trigger watches for; said once per firing, of which there is one in a day, month or year. Calls go on: a person has to decide.',
  data: usageFiringSchema,
  example: { environment: 'prod', trigger: 'daily-spend', category: 'totalprice', by: 'price', limit: 50, value: 50.013, recurring: 'daily', firedAt: '2026-11-30T17:02:11.000Z' },
});
