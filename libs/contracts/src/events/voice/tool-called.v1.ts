import { z } from 'zod';
import { defineEvent } from '../../envelope/define-event.js';

/** The agent asked for a tool. */
export const ToolCalledV1 = defineEvent({
  name: 'ToolCalled',
  version: 1,
  domain: 'voice',
  aggregate: 'conversation',
  producers: ['realtime-voice'],
  consumers: ['ari-gateway'],
  summary: 'The agent asked for a tool.',
  data: z.object({
    conversationId: z.string().min(1),
    callId: z.uuid().describe('The call: one caller’s journey.'),
    toolRunId: z.string().min(1),
    tool: z.string(),
    arguments: z.record(z.string(), z.unknown()),
  }),
  example: { conversationId: '01K9ZQ4W2M6T8N0B3C5D7E9F1G', callId: '0198c2d4-5a10-7c3e-9d55-3f1f6f0a1b2c', toolRunId: '01K9ZQ4W2M6T8N0B3C5D7E9F1G', tool: 'transfer_to_person', arguments: { reason: 'asks for a person' } },
});
