import { z } from 'zod';
import { defineEvent } from '../../envelope/define-event.js';

/** Nobody picked the caller up in time: the one who parked it is rung, or the route runs anew. */
export const ParkingExpiredV1 = defineEvent({
  name: 'ParkingExpired',
  version: 1,
  domain: 'calls',
  aggregate: 'call',
  producers: ['ari-gateway'],
  consumers: [],
  summary: 'Nobody picked the caller up in time: the one who parked it is rung, or the route runs anew.',
  data: z.object({
    callId: z.uuid().describe('The call: one caller’s journey.'),
    slot: z.string(),
    returnedTo: z.string().nullable().describe('The extension rung; null: the route.'),
    parkedMs: z.int().nonnegative(),
  }),
  example: { callId: '0198c2d4-5a10-7c3e-9d55-3f1f6f0a1b2c', slot: '70', returnedTo: '201', parkedMs: 120000 },
});
