import { z } from 'zod';
import { defineEvent } from '../../envelope/define-event.js';

/** Both sides are being recorded from now on. */
export const RecordingStartedV1 = defineEvent({
  name: 'RecordingStarted',
  version: 1,
  domain: 'calls',
  aggregate: 'call',
  producers: ['ari-gateway'],
  consumers: [],
  summary: 'Both sides are being recorded from now on.',
  data: z.object({
    callId: z.uuid().describe('The call: one caller’s journey.'),
    recordingId: z.string().min(1),
    announced: z.boolean(),
    channels: z.enum(['mono', 'stereo']).optional().describe('stereo: the caller on the left, what the caller hears on the right.'),
  }),
  example: { callId: '0198c2d4-5a10-7c3e-9d55-3f1f6f0a1b2c', recordingId: '01K9ZQ4W2M6T8N0B3C5D7E9F1G', announced: true },
});
