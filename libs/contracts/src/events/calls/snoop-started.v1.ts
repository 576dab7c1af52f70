import { z } from 'zod';
import { defineEvent } from '../../envelope/define-event.js';

/** A supervisor hears the call; with `whisper` one party hears the supervisor too, and nobody else does. */
export const SnoopStartedV1 = defineEvent({
  name: 'SnoopStarted',
  version: 1,
  domain: 'calls',
  aggregate: 'call',
  producers: ['ari-gateway'],
  consumers: [],
  summary: 'A supervisor hears the call; with `whisper` one party hears the supervisor too, and nobody else does.',
  data: z.object({
    callId: z.uuid().describe('The call: one caller’s journey.'),
    snoopId: z.string().min(1),
    mode: z.enum(['listen', 'whisper']),
    party: z.enum(['caller', 'other']).describe('Whose ear it is.'),
    extension: z.string().describe('The supervisor’s phone.'),
  }),
  example: { callId: '0198c2d4-5a10-7c3e-9d55-3f1f6f0a1b2c', snoopId: '01K9ZQ4W2M6T8N0B3C5D7E9F2H', mode: 'listen', party: 'caller', extension: '205' },
});
