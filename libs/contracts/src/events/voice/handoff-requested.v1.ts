import { z } from 'zod';
import { defineEvent } from '../../envelope/define-event.js';

/** The agent wishes a person to take the call. */
export const HandoffRequestedV1 = defineEvent({
  name: 'HandoffRequested',
  version: 1,
  domain: 'voice',
  aggregate: 'conversation',
  producers: ['realtime-voice'],
  consumers: ['ari-gateway'],
  summary: 'The agent wishes a person to take the call.',
  data: z.object({
    conversationId: z.string().min(1),
    callId: z.uuid().describe('The call: one caller’s journey.'),
    reason: z.string().max(500),
    summary: z.string().max(4_000).optional(),
  }),
  example: { conversationId: '01K9ZQ4W2M6T8N0B3C5D7E9F1G', callId: '0198c2d4-5a10-7c3e-9d55-3f1f6f0a1b2c', reason: 'asks for a person', summary: 'Invoice 4711 is wrong.' },
});
