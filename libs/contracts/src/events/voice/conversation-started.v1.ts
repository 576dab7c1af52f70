import { z } from 'zod';
import { defineEvent } from '../../envelope/define-event.js';

/** An AI agent and a caller are connected. */
export const ConversationStartedV1 = defineEvent({
  name: 'ConversationStarted',
  version: 1,
  domain: 'voice',
  aggregate: 'conversation',
  producers: ['realtime-voice'],
  consumers: ['ari-gateway'],
  summary: 'An AI agent and a caller are connected.',
  data: z.object({
    conversationId: z.string().min(1),
    callId: z.uuid().describe('The call: one caller’s journey.'),
    legId: z.uuid(),
    agent: z.object({ code: z.string(), version: z.int().positive() }),
    engine: z.string().describe('openai-realtime or scripted.'),
    simulated: z.boolean(),
    language: z.string(),
    resumed: z.boolean().describe('Taken up again after a process died.'),
  }),
  example: { conversationId: '01K9ZQ4W2M6T8N0B3C5D7E9F1G', callId: '0198c2d4-5a10-7c3e-9d55-3f1f6f0a1b2c', legId: '0198c2d4-5a11-7b1e-8f6e-6b5a4c3d2e1f', agent: { code: 'default', version: 1 }, engine: 'openai-realtime', simulated: true, language: 'es', resumed: false },
});
