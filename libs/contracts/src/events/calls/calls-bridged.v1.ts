import { z } from 'zod';
import { defineEvent } from '../../envelope/define-event.js';

/** Two callers were put together and hear each other; said of each of the two calls. */
export const CallsBridgedV1 = defineEvent({
  name: 'CallsBridged',
  version: 1,
  domain: 'calls',
  aggregate: 'call',
  producers: ['ari-gateway'],
  consumers: [],
  summary: 'Two callers were put together and hear each other; said of each of the two calls.',
  data: z.object({
    callId: z.uuid().describe('The call: one caller’s journey.'),
    withCallId: z.uuid(),
  }),
  example: { callId: '0198c2d4-5a10-7c3e-9d55-3f1f6f0a1b2c', withCallId: '0198c2d4-5a20-7c3e-9d55-3f1f6f0a1b2c' },
});
