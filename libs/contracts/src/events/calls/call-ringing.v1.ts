import { z } from 'zod';
import { defineEvent } from '../../envelope/define-event.js';

/** Somebody’s phone has begun to ring for this call. */
export const CallRingingV1 = defineEvent({
  name: 'CallRinging',
  version: 1,
  domain: 'calls',
  aggregate: 'call',
  producers: ['ari-gateway', 'provisioning'],
  consumers: ['ari-gateway'],
  summary: 'Somebody’s phone has begun to ring for this call.',
  data: z.object({
    callId: z.uuid().describe('The call: one caller’s journey.'),
    legId: z.uuid(),
    target: z.string().describe('Endpoint or number that rings.'),
  }),
  example: { callId: '0198c2d4-5a10-7c3e-9d55-3f1f6f0a1b2c', legId: '0198c2d4-5a11-7b1e-8f6e-6b5a4c3d2e1f', target: '201' },
});
