import { z } from 'zod';
import { defineCommand } from '../define-command.js';

/** The agent’s own wish for a person: the gateway follows the route’s `onHandoff`. */
export const HandoffV1 = defineCommand({
  service: 'ari-gateway',
  verb: 'handoff',
  version: 1,
  clients: ['realtime-voice'],
  summary: 'Takes the call from the agent and follows the route to a person.',
  timeoutMs: 2_000,
  request: z.object({ callId: z.uuid(), reason: z.string().max(500), summary: z.string().max(4_000).optional() }),
  reply: z.object({ accepted: z.boolean(), detail: z.string().optional() }),
});
