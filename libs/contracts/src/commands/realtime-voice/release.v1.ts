import { z } from 'zod';
import { defineCommand } from '../define-command.js';

/**
 * Asked of the one replica that has a conversation, by another one that takes it up: it stops, closes its media leg, and writes what was said.
 * With a reason the conversation is over, else it changes hands.
 */
export const ReleaseV1 = defineCommand({
  service: 'realtime-voice',
  verb: 'release',
  version: 1,
  clients: ['realtime-voice'],
  summary: 'Lets go of a conversation that another replica takes up.',
  timeoutMs: 500,
  request: z.object({
    callId: z.uuid(),
    over: z.enum(['detached', 'handoff', 'agent_hangup', 'call_ended', 'media_lost', 'replaced', 'failed']).optional().describe('Why the conversation is over; absent while it only changes hands.'),
  }),
  reply: z.object({ released: z.boolean(), written: z.boolean().describe('All that was said is in the database.') }),
});
