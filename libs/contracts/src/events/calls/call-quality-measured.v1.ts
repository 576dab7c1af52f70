import { z } from 'zod';
import { defineEvent } from '../../envelope/define-event.js';

const streamSchema = z.object({
  packets: z.int().nonnegative().describe('RTP packets that came.'),
  lost: z.int().nonnegative().describe('Of those that were sent, packets that did not come.'),
  jitterMs: z.number().nonnegative().describe('On average (RFC 3550).'),
  maxJitterMs: z.number().nonnegative().optional(),
});

/** How the audio of one leg of a call travelled, as it was measured there. */
export const CallQualityMeasuredV1 = defineEvent({
  name: 'CallQualityMeasured',
  version: 1,
  domain: 'calls',
  aggregate: 'call',
  producers: ['ari-gateway', 'provisioning'],
  consumers: ['ari-gateway', 'provisioning'],
  summary: 'How the audio of one leg of a call travelled: once per leg, and the only word of a call beside RecordingReady that may come after CallEnded.',
  data: z.object({
    callId: z.uuid().describe('The call: one caller’s journey.'),
    legId: z.uuid(),
    measuredBy: z.enum(['asterisk_rtp', 'twilio_voice_insights']).describe('At which end of the leg: our Asterisk, or Twilio’s media gateway.'),
    received: streamSchema.optional().describe('What the leg’s party sent, as it came to whoever measures.'),
    sent: streamSchema.optional().describe('What went to the party, as far as its own receiver reports (RTCP) tell.'),
    roundTripMs: z.number().nonnegative().optional(),
    mos: z.number().min(1).max(5).describe('1 to 4.5 for G.711: estimated by the E-model (ITU-T G.107) from loss, jitter and round trip of the worse direction. Nobody was asked.'),
    tags: z.array(z.string().max(40)).max(20).optional().describe('What Twilio’s analysis found, in its words: silence, high_jitter.'),
  }),
  example: {
    callId: '0198c2d4-5a10-7c3e-9d55-3f1f6f0a1b2c', legId: '0198c2d4-5a10-7c3e-9d55-3f1f6f0a1b2d', measuredBy: 'twilio_voice_insights',
    received: { packets: 2_990, lost: 10, jitterMs: 4.2, maxJitterMs: 18 }, sent: { packets: 3_000, lost: 0, jitterMs: 1.1 }, mos: 4.36,
  },
});
