import { z } from 'zod';
import { tenantCodeSchema } from '../envelope/tenant-code.js';

/** GET /api/tickets: newest first. A key of one tenant sees its own only. */
export const listTicketsSchema = z.strictObject({
  tenant: tenantCodeSchema.optional(),
  limit: z.coerce.number().int().min(1).max(200).default(50),
  after: z.string().max(26).optional().describe('`next` of the page before.'),
});

export const ticketViewSchema = z.object({
  ticketId: z.string(),
  tenant: z.string(),
  number: z.int().positive().describe('Counts within the tenant.'),
  reason: z.enum(['missed_call']),
  state: z.enum(['open']),
  title: z.string(),
  callId: z.uuid().nullable(),
  from: z.string().nullable(),
  queue: z.string().nullable(),
  outcome: z.enum(['abandoned', 'timeout', 'no_members']).nullable().describe('How the caller left the queue.'),
  waitedMs: z.int().nullable(),
  summary: z.string().nullable().describe('What the AI agent knew.'),
  openedAt: z.iso.datetime(),
});
export type TicketView = z.infer<typeof ticketViewSchema>;
export const ticketPageSchema = z.object({ tickets: z.array(ticketViewSchema), next: z.string().optional() });
