import { z } from 'zod';
import { defineEvent } from '../../envelope/define-event.js';
import { mailboxSchema } from '../../route/node.js';

/** The call, or a message that its caller leaves, is being recorded from now on. */
export const RecordingStartedV1 = defineEvent({
  name: 'RecordingStarted',
  version: 1,
  domain: 'calls',
  aggregate: 'call',
  producers: ['ari-gateway', 'provisioning'],
  consumers: ['ari-gateway'],
  summary: 'The call, or a message that its caller leaves, is being recorded from now on.',
  data: z.object({
    callId: z.uuid().describe('The call: one caller’s journey.'),
    recordingId: z.string().min(1),
    announced: z.boolean(),
    channels: z.enum(['mono', 'stereo']).optional().describe('stereo: the caller on the left, what the caller hears on the right.'),
    purpose: z.enum(['call', 'voicemail']).optional().describe('call, if absent: both sides are heard. voicemail: a message of the caller alone.'),
    mailbox: mailboxSchema.optional().describe('Whom the message is for.'),
  }),
  example: { callId: '0198c2d4-5a10-7c3e-9d55-3f1f6f0a1b2c', recordingId: '01K9ZQ4W2M6T8N0B3C5D7E9F1G', announced: true },
});
