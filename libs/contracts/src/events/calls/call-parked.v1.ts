import { z } from 'zod';
import { defineEvent } from '../../envelope/define-event.js';

/** The caller waits in a slot with music, and can be picked up by dialling it. */
export const CallParkedV1 = defineEvent({
  name: 'CallParked',
  version: 1,
  domain: 'calls',
  aggregate: 'call',
  producers: ['ari-gateway'],
  consumers: [],
  summary: 'The caller waits in a slot with music, and can be picked up by dialling it.',
  data: z.object({
    callId: z.uuid().describe('The call: one caller’s journey.'),
    slot: z.string().regex(/^[0-9]{2,4}$/),
    until: z.iso.datetime().describe('When it is given back if nobody picks it up.'),
    returnTo: z.string().nullable().describe('The extension it is given back to; null: its route.'),
    requestedBy: z.enum(['api', 'agent']).describe('Who asked for it: an AI agent, or anybody else by HTTP or command.'),
  }),
  example: { callId: '0198c2d4-5a10-7c3e-9d55-3f1f6f0a1b2c', slot: '70', until: '2026-11-25T15:02:00.000Z', returnTo: '201', requestedBy: 'api' },
});
