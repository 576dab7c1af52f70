import { z } from 'zod';
import { defineEvent } from '../../envelope/define-event.js';
import { complaintKindSchema } from '../../http/complaints.js';

/** Somebody complains of how a call sounded, or went. */
export const ComplaintMadeV1 = defineEvent({
  name: 'ComplaintMade',
  version: 1,
  domain: 'calls',
  // Not the call: on Twilio’s rail another service tells of that, and two of them can’t count the events of one thing.
  aggregate: 'complaint',
  producers: ['ari-gateway'],
  consumers: ['provisioning'],
  summary: 'Somebody complains of how a call sounded, or went.',
  data: z.object({
    callId: z.uuid().describe('The call: one caller’s journey.'),
    complaintId: z.string().min(1),
    kind: complaintKindSchema,
    note: z.string().max(500).optional(),
    rail: z.enum(['asterisk', 'twilio']),
    callStartedAt: z.iso.datetime().describe('The complaint counts on the day of the call, not on its own.'),
  }),
  example: { callId: '0198c2d4-5a10-7c3e-9d55-3f1f6f0a1b2c', complaintId: '01K9ZQ4W2M6T8N0B3C5D7E9F1G', kind: 'one-way', note: 'I could not hear them.', rail: 'twilio', callStartedAt: '2026-11-30T12:00:00.000Z' },
});
