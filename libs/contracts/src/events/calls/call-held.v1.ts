import { z } from 'zod';
import { defineEvent } from '../../envelope/define-event.js';

/** The caller was put on hold: music for the caller; whoever talked with the caller hears nothing of it and isn’t heard. */
export const CallHeldV1 = defineEvent({
  name: 'CallHeld',
  version: 1,
  domain: 'calls',
  aggregate: 'call',
  producers: ['ari-gateway'],
  consumers: [],
  summary: 'The caller was put on hold: music for the caller; whoever talked with the caller hears nothing of it and isn’t heard.',
  data: z.object({
    callId: z.uuid().describe('The call: one caller’s journey.'),
    requestedBy: z.enum(['api', 'agent']).describe('Who asked for it: an AI agent, or anybody else by HTTP or command.'),
  }),
  example: { callId: '0198c2d4-5a10-7c3e-9d55-3f1f6f0a1b2c', requestedBy: 'api' },
});
