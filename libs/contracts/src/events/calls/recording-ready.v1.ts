import { z } from 'zod';
import { defineEvent } from '../../envelope/define-event.js';
import { mailboxSchema } from '../../route/node.js';

/** The recording is closed, readable and complete. */
export const RecordingReadyV1 = defineEvent({
  name: 'RecordingReady',
  version: 1,
  domain: 'calls',
  aggregate: 'call',
  producers: ['ari-gateway', 'provisioning'],
  consumers: ['ari-gateway'],
  summary: 'The recording is closed, readable and complete.',
  data: z.object({
    callId: z.uuid().describe('The call: one caller’s journey.'),
    recordingId: z.string().min(1),
    durationMs: z.int().nonnegative(),
    bytes: z.int().nonnegative(),
    format: z.enum(['wav']),
    channels: z.enum(['mono', 'stereo']).optional(),
    purpose: z.enum(['call', 'voicemail']).optional().describe('call, if absent. voicemail: a message in which something was said.'),
    mailbox: mailboxSchema.optional().describe('Whom the message is for.'),
    location: z.string().describe('Where the owner of recordings keeps it; for everybody else the audio is at GET /api/recordings/{id}/audio.'),
  }),
  example: { callId: '0198c2d4-5a10-7c3e-9d55-3f1f6f0a1b2c', recordingId: '01K9ZQ4W2M6T8N0B3C5D7E9F1G', durationMs: 31200, bytes: 499244, format: 'wav', location: 'recordings/01K9ZQ4W2M6T8N0B3C5D7E9F1G.wav' },
});
