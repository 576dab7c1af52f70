import { z } from 'zod';
import { serviceNameSchema } from '../envelope/service-name.js';
import { tenantSchema } from '../envelope/tenant-code.js';

export const deadLetterStateSchema = z.enum(['waiting', 'redriven', 'discarded']);

/** GET /api/dead-letters/{service}: the newest first. */
export const listDeadLettersSchema = z.strictObject({
  handler: z.string().max(100).optional(),
  tenant: tenantSchema.optional(),
  state: z.union([deadLetterStateSchema, z.literal('all')]).default('waiting'),
  since: z.iso.datetime({ offset: true }).optional().describe('Given up then or later.'),
  limit: z.coerce.number().int().min(1).max(200).default(50),
  after: z.string().max(26).optional().describe('`next` of the page before.'),
});

const act = z.object({
  at: z.iso.datetime(),
  by: z.string().describe('Id of the API key.'),
  act: z.enum(['redrive', 'discard']),
  outcome: z.enum(['done', 'failed']),
  code: z.string().optional(),
  error: z.string().optional(),
  reason: z.string().optional(),
});

export const deadLetterViewSchema = z.object({
  deadLetterId: z.string(),
  service: serviceNameSchema,
  handler: z.string(),
  tenant: z.string(),
  eventType: z.string(),
  eventId: z.string().nullable().describe('Null for what is no event.'),
  subject: z.string(),
  stream: z.string(),
  streamSequence: z.int(),
  state: deadLetterStateSchema,
  code: z.string().describe('Why: the error’s code.'),
  error: z.string(),
  tries: z.int().describe('Redrives in vain among them.'),
  obstacle: z.string().nullable().describe('Why it can’t be redriven, only discarded; null when it can.'),
  publishedAt: z.iso.datetime(),
  givenUpAt: z.iso.datetime(),
  settledAt: z.iso.datetime().nullable(),
});
export const deadLetterPageSchema = z.object({ deadLetters: z.array(deadLetterViewSchema), next: z.string().optional() });

/** GET /api/dead-letters/{service}/{id}, and the answer to redriving and discarding. */
export const deadLetterWithBodySchema = deadLetterViewSchema.extend({
  history: z.array(act).describe('What people did with it, the latest last.'),
  headers: z.record(z.string(), z.string()),
  body: z.string().describe('The message as it came, as text.'),
});
export type DeadLetterView = z.infer<typeof deadLetterViewSchema>;
export type DeadLetterWithBody = z.infer<typeof deadLetterWithBodySchema>;

/** POST /api/dead-letters/{service}/{id}/discard; the body may be left out. */
export const discardDeadLetterSchema = z.strictObject({ reason: z.string().max(500).optional() }).default({});
