import { z } from 'zod';
import { defineEvent } from '../../envelope/define-event.js';

/** The call takes part in a conference: everybody in it hears everybody. */
export const ConferenceJoinedV1 = defineEvent({
  name: 'ConferenceJoined',
  version: 1,
  domain: 'calls',
  aggregate: 'call',
  producers: ['ari-gateway'],
  consumers: [],
  summary: 'The call takes part in a conference: everybody in it hears everybody.',
  data: z.object({
    callId: z.uuid().describe('The call: one caller’s journey.'),
    legId: z.uuid(),
    conference: z.string(),
  }),
  example: { callId: '0198c2d4-5a10-7c3e-9d55-3f1f6f0a1b2c', legId: '0198c2d4-5a11-7b1e-8f6e-6b5a4c3d2e1f', conference: 'standup' },
});
