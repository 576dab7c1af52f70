import { z } from 'zod';
import { defineEvent } from '../../envelope/define-event.js';

/** A person has answered and both hear each other. */
export const AgentConnectedV1 = defineEvent({
  name: 'AgentConnected',
  version: 1,
  domain: 'calls',
  aggregate: 'call',
  producers: ['ari-gateway', 'provisioning'],
  consumers: ['ari-gateway'],
  summary: 'A person has answered and both hear each other.',
  data: z.object({
    callId: z.uuid().describe('The call: one caller’s journey.'),
    legId: z.uuid(),
    extension: z.string().describe('The person’s endpoint.'),
    queue: z.string().optional(),
    waitedMs: z.int().nonnegative(),
  }),
  example: { callId: '0198c2d4-5a10-7c3e-9d55-3f1f6f0a1b2c', legId: '0198c2d4-5a11-7b1e-8f6e-6b5a4c3d2e1f', extension: '201', queue: 'people', waitedMs: 4200 },
});
