import { z } from 'zod';
import { defineEvent } from '../../envelope/define-event.js';

/** One party has finished speaking. */
export const TurnCompletedV1 = defineEvent({
  name: 'TurnCompleted',
  version: 1,
  domain: 'voice',
  aggregate: 'conversation',
  producers: ['realtime-voice'],
  consumers: ['ari-gateway'],
  summary: 'One party has finished speaking.',
  data: z.object({
    conversationId: z.string().min(1),
    callId: z.uuid().describe('The call: one caller’s journey.'),
    turn: z.int().positive(),
    role: z.enum(['caller', 'agent']),
    text: z.string().max(20_000).describe('What was said.'),
    heard: z.string().max(20_000).optional().describe('What the caller heard of it, when interrupted.'),
    interrupted: z.boolean(),
    tookMs: z.int().nonnegative(),
    latencyMs: z.int().nonnegative().optional().describe('End of the caller’s speech to the first frame of the answer.'),
  }),
  example: { conversationId: '01K9ZQ4W2M6T8N0B3C5D7E9F1G', callId: '0198c2d4-5a10-7c3e-9d55-3f1f6f0a1b2c', turn: 2, role: 'agent', text: 'Con gusto.', interrupted: false, tookMs: 1800, latencyMs: 420 },
});
