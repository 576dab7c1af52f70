import { z } from 'zod';
import { defineEvent } from '../../envelope/define-event.js';

/** The supervisor is out of the call, or never got in (`durationMs` 0). */
export const SnoopEndedV1 = defineEvent({
  name: 'SnoopEnded',
  version: 1,
  domain: 'calls',
  aggregate: 'call',
  producers: ['ari-gateway'],
  consumers: [],
  summary: 'The supervisor is out of the call, or never got in (`durationMs` 0).',
  data: z.object({
    callId: z.uuid().describe('The call: one caller’s journey.'),
    snoopId: z.string().min(1),
    mode: z.enum(['listen', 'whisper']),
    extension: z.string(),
    durationMs: z.int().nonnegative(),
  }),
  example: { callId: '0198c2d4-5a10-7c3e-9d55-3f1f6f0a1b2c', snoopId: '01K9ZQ4W2M6T8N0B3C5D7E9F2H', mode: 'listen', extension: '205', durationMs: 31000 },
});
