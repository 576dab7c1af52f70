import { z } from 'zod';
import { defineEvent } from '../../envelope/define-event.js';

/** Another session serves the conversation: one made ready ahead, one connected after a loss, or the fixed sentences. The call goes on in each case. */
export const EngineChangedV1 = defineEvent({
  name: 'EngineChanged',
  version: 1,
  domain: 'voice',
  aggregate: 'conversation',
  producers: ['realtime-voice'],
  consumers: ['ari-gateway'],
  summary: 'Another session of the voice provider, or the scripted engine, has taken over.',
  data: z.object({
    conversationId: z.string().min(1),
    callId: z.uuid().describe('The call: one caller’s journey.'),
    how: z.enum(['rolled_over', 'reconnected', 'gave_up']).describe('Before the provider’s end of a session; after a loss; the provider is given up and fixed sentences take over.'),
    engine: z.string().describe('openai-realtime or scripted.'),
    simulated: z.boolean(),
    reason: z.string().max(300),
    silentMs: z.int().nonnegative().describe('From the loss to a session that listens; 0 for a roll-over.'),
    attempts: z.int().nonnegative().describe('Connections tried.'),
  }),
  example: { conversationId: '01K9ZQ4W2M6T8N0B3C5D7E9F1G', callId: '0198c2d4-5a10-7c3e-9d55-3f1f6f0a1b2c', how: 'reconnected', engine: 'openai-realtime', simulated: true, reason: 'closed with 1006', silentMs: 240, attempts: 1 },
});
