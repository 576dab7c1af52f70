import { z } from 'zod';
import { defineEvent } from '../../envelope/define-event.js';

/** The caller waits for a person. */
export const CallQueuedV1 = defineEvent({
  name: 'CallQueued',
  version: 1,
  domain: 'calls',
  aggregate: 'call',
  producers: ['ari-gateway', 'provisioning'],
  consumers: ['ari-gateway'],
  summary: 'The caller waits for a person.',
  data: z.object({
    callId: z.uuid().describe('The call: one caller’s journey.'),
    queue: z.string(),
    reason: z.enum(['route', 'digit', 'agent_request', 'agent_failed', 'transfer']),
    summary: z.string().max(4_000).optional().describe('What the AI agent knows, for the person who will answer.'),
  }),
  example: { callId: '0198c2d4-5a10-7c3e-9d55-3f1f6f0a1b2c', queue: 'people', reason: 'digit', summary: 'Asks about an invoice.' },
});
