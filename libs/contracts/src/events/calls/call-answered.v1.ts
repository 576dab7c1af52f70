import { z } from 'zod';
import { defineEvent } from '../../envelope/define-event.js';

/** The call was answered: by the route (for an inbound caller) or by the far end (for an outbound call). */
export const CallAnsweredV1 = defineEvent({
  name: 'CallAnswered',
  version: 1,
  domain: 'calls',
  aggregate: 'call',
  producers: ['ari-gateway', 'provisioning'],
  consumers: ['ari-gateway', 'collections-dialer'],
  summary: 'The call was answered: by the route (for an inbound caller) or by the far end (for an outbound call).',
  data: z.object({
    callId: z.uuid().describe('The call: one caller’s journey.'),
    legId: z.uuid(),
    by: z.enum(['route', 'endpoint', 'far_end']),
    answeredBy: z.string().describe('Route code, extension or number.'),
  }),
  example: { callId: '0198c2d4-5a10-7c3e-9d55-3f1f6f0a1b2c', legId: '0198c2d4-5a11-7b1e-8f6e-6b5a4c3d2e1f', by: 'route', answeredBy: 'main' },
});
