import { z } from 'zod';
import { defineEvent } from '../../envelope/define-event.js';

/** The recording holds sound again. */
export const RecordingResumedV1 = defineEvent({
  name: 'RecordingResumed',
  version: 1,
  domain: 'calls',
  aggregate: 'call',
  producers: ['ari-gateway'],
  consumers: [],
  summary: 'The recording holds sound again.',
  data: z.object({
    callId: z.uuid().describe('The call: one caller’s journey.'),
    recordingId: z.string().min(1),
    pausedMs: z.int().nonnegative(),
  }),
  example: { callId: '0198c2d4-5a10-7c3e-9d55-3f1f6f0a1b2c', recordingId: '01K9ZQ4W2M6T8N0B3C5D7E9F1G', pausedMs: 8300 },
});
