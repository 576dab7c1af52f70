import { z } from 'zod';
import { defineEvent } from '../../envelope/define-event.js';

/** It has ended, or could not be played. */
export const PlaybackFinishedV1 = defineEvent({
  name: 'PlaybackFinished',
  version: 1,
  domain: 'calls',
  aggregate: 'call',
  producers: ['ari-gateway'],
  consumers: [],
  summary: 'It has ended, or could not be played.',
  data: z.object({
    callId: z.uuid().describe('The call: one caller’s journey.'),
    playbackId: z.string().min(1),
    outcome: z.enum(['completed', 'stopped', 'failed']),
  }),
  example: { callId: '0198c2d4-5a10-7c3e-9d55-3f1f6f0a1b2c', playbackId: '01K9ZQ4W2M6T8N0B3C5D7E9F2H', outcome: 'completed' },
});
