import { z } from 'zod';
import { defineEvent } from '../../envelope/define-event.js';

/** A ticket was opened. */
export const TicketOpenedV1 = defineEvent({
  name: 'TicketOpened',
  version: 1,
  domain: 'tickets',
  aggregate: 'ticket',
  producers: ['ticketing'],
  consumers: [],
  summary: 'A ticket was opened.',
  data: z.object({
    ticketId: z.string().min(1),
    number: z.int().positive().describe('Counts within the tenant.'),
    reason: z.enum(['missed_call']),
    title: z.string().max(200),
    callId: z.uuid().optional(),
    from: z.string().max(80).optional(),
  }),
  example: { ticketId: '01K9ZQ4W2M6T8N0B3C5D7E9F1G', number: 17, reason: 'missed_call', title: 'Nobody took the call from +56225550101', callId: '0198c2d4-5a10-7c3e-9d55-3f1f6f0a1b2c', from: '+56225550101' },
});
