import { z } from 'zod';
import { defineEvent } from '../../envelope/define-event.js';

/** A sound or text begins, heard by everybody in the call. */
export const PlaybackStartedV1 = defineEvent({
  name: 'PlaybackStarted',
  version: 1,
  domain: 'calls',
  aggregate: 'call',
  producers: ['ari-gateway'],
  consumers: [],
  summary: 'A sound or text begins, heard by everybody in the call.',
  data: z.object({
    callId: z.uuid().describe('The call: one caller’s journey.'),
    playbackId: z.string().min(1),
    what: z.enum(['sound', 'recording', 'speech']),
    name: z.string().max(500).describe('The sound’s name, the recording’s id, or the text.'),
  }),
  example: { callId: '0198c2d4-5a10-7c3e-9d55-3f1f6f0a1b2c', playbackId: '01K9ZQ4W2M6T8N0B3C5D7E9F2H', what: 'sound', name: 'welcome' },
});
