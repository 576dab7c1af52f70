import { z } from 'zod';
import { defineEvent } from '../../envelope/define-event.js';

/** The caller spoke over the agent, who fell silent at once. */
export const AgentInterruptedV1 = defineEvent({
  name: 'AgentInterrupted',
  version: 1,
  domain: 'voice',
  aggregate: 'conversation',
  producers: ['realtime-voice'],
  consumers: ['ari-gateway'],
  summary: 'The caller spoke over the agent, who fell silent at once.',
  data: z.object({
    conversationId: z.string().min(1),
    callId: z.uuid().describe('The call: one caller’s journey.'),
    turn: z.int().positive(),
    heardMs: z.int().nonnegative().describe('How much of the turn the caller had heard.'),
    toSilenceMs: z.number().nonnegative().describe('From the provider’s word to our flush.'),
  }),
  example: { conversationId: '01K9ZQ4W2M6T8N0B3C5D7E9F1G', callId: '0198c2d4-5a10-7c3e-9d55-3f1f6f0a1b2c', turn: 2, heardMs: 860, toSilenceMs: 1.2 },
});
