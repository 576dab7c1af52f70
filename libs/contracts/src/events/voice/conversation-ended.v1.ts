import { z } from 'zod';
import { defineEvent } from '../../envelope/define-event.js';

/** The AI agent has left the call. */
export const ConversationEndedV1 = defineEvent({
  name: 'ConversationEnded',
  version: 1,
  domain: 'voice',
  aggregate: 'conversation',
  producers: ['realtime-voice'],
  consumers: ['ari-gateway'],
  summary: 'The AI agent has left the call.',
  data: z.object({
    conversationId: z.string().min(1),
    callId: z.uuid().describe('The call: one caller’s journey.'),
    reason: z.enum(['detached', 'handoff', 'agent_hangup', 'call_ended', 'media_lost', 'replaced', 'failed']),
    engine: z.string(),
    turns: z.int().nonnegative(),
    durationMs: z.int().nonnegative(),
  }),
  example: { conversationId: '01K9ZQ4W2M6T8N0B3C5D7E9F1G', callId: '0198c2d4-5a10-7c3e-9d55-3f1f6f0a1b2c', reason: 'handoff', engine: 'openai-realtime', turns: 4, durationMs: 31000 },
});
