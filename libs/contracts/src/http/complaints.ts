import { z } from 'zod';

/** What people complain of in a call. */
export const COMPLAINT_KINDS = ['one-way', 'silence', 'choppy', 'echo', 'delay', 'noise', 'low-volume', 'dropped', 'keys', 'other'] as const;
export const complaintKindSchema = z
  .enum(COMPLAINT_KINDS)
  .describe('one-way: one side heard nothing; silence: neither did; keys: digits that were not understood; dropped: it ended by itself.');
export type ComplaintKind = z.infer<typeof complaintKindSchema>;

/** POST /api/calls/{id}/complaints: of a call of either rail, live or over. */
export const complaintSchema = z.strictObject({ kind: complaintKindSchema, note: z.string().trim().max(500).optional().describe('In the words of whoever complained; no secrets.') });
export type Complaint = z.output<typeof complaintSchema>;

export const complaintViewSchema = z.object({ complaintId: z.string(), callId: z.uuid(), tenant: z.string(), kind: complaintKindSchema, note: z.string().optional(), at: z.iso.datetime() });
export type ComplaintView = z.infer<typeof complaintViewSchema>;
