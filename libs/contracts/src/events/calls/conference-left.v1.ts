import { z } from 'zod';
import { defineEvent } from '../../envelope/define-event.js';

/** The call takes part no longer. */
export const ConferenceLeftV1 = defineEvent({
  name: 'ConferenceLeft',
  version: 1,
  domain: 'calls',
  aggregate: 'call',
  producers: ['ari-gateway'],
  consumers: [],
  summary: 'The call takes part no longer.',
  data: z.object({
    callId: z.uuid().describe('The call: one caller’s journey.'),
    conference: z.string(),
    joinedMs: z.int().nonnegative(),
  }),
  example: { callId: '0198c2d4-5a10-7c3e-9d55-3f1f6f0a1b2c', conference: 'standup', joinedMs: 65000 },
});
