import { z } from 'zod';
import { defineEvent } from '../../envelope/define-event.js';

/** The hold is over: by command, or because the call was sent on. */
export const CallResumedV1 = defineEvent({
  name: 'CallResumed',
  version: 1,
  domain: 'calls',
  aggregate: 'call',
  producers: ['ari-gateway'],
  consumers: [],
  summary: 'The hold is over: by command, or because the call was sent on.',
  data: z.object({
    callId: z.uuid().describe('The call: one caller’s journey.'),
    heldMs: z.int().nonnegative(),
  }),
  example: { callId: '0198c2d4-5a10-7c3e-9d55-3f1f6f0a1b2c', heldMs: 12040 },
});
