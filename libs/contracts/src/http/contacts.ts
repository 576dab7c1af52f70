import { z } from 'zod';
import { tenantCodeSchema } from '../envelope/tenant-code.js';

/** GET /api/contacts: every call with a number, newest first. `tenant` may be left out when the key belongs to one. */
export const listContactsSchema = z.strictObject({
  tenant: tenantCodeSchema.optional(),
  number: z.string().trim().min(1).max(80).optional().describe('The other party, as the call had it: E.164 or an extension.'),
  limit: z.coerce.number().int().min(1).max(200).default(50),
  after: z.string().max(200).optional().describe('`next` of the page before.'),
});

export const contactViewSchema = z.object({
  callId: z.uuid(),
  tenant: z.string(),
  party: z.string().describe('The other party: the caller of an inbound call, else the dialled one.'),
  direction: z.enum(['inbound', 'outbound', 'internal']),
  disposition: z.enum(['answered', 'no_answer', 'busy', 'failed', 'abandoned', 'rejected']).nullable().describe('null while the call lasts.'),
  startedAt: z.iso.datetime(),
  answeredAt: z.iso.datetime().nullable(),
  endedAt: z.iso.datetime().nullable(),
  durationMs: z.int().nullable(),
  answeredMs: z.int().nullable().describe('Time from answer to end.'),
});
export type ContactView = z.infer<typeof contactViewSchema>;
export const contactPageSchema = z.object({ contacts: z.array(contactViewSchema), next: z.string().optional() });
