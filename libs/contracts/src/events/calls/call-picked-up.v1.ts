import { z } from 'zod';
import { defineEvent } from '../../envelope/define-event.js';

/** Somebody took the caller from the slot, and both hear each other. */
export const CallPickedUpV1 = defineEvent({
  name: 'CallPickedUp',
  version: 1,
  domain: 'calls',
  aggregate: 'call',
  producers: ['ari-gateway'],
  consumers: [],
  summary: 'Somebody took the caller from the slot, and both hear each other.',
  data: z.object({
    callId: z.uuid().describe('The call: one caller’s journey.'),
    slot: z.string(),
    extension: z.string().describe('Whose phone took it.'),
    parkedMs: z.int().nonnegative(),
  }),
  example: { callId: '0198c2d4-5a10-7c3e-9d55-3f1f6f0a1b2c', slot: '70', extension: '203', parkedMs: 20150 },
});
