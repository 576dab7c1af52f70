import { z } from 'zod';
import { defineCommand } from '../define-command.js';

/**
 * The process that serves an agent's leg stops, and nobody speaks right now: the gateway takes the leg out and attaches the agent again at once, elsewhere.
 * Not accepted for a leg that is no longer the call's; whoever asks closes it in either case.
 */
export const AgentLeavingV1 = defineCommand({
  service: 'ari-gateway',
  verb: 'agent-leaving',
  version: 1,
  clients: ['realtime-voice'],
  summary: 'Moves a call’s agent to another process.',
  timeoutMs: 1_000,
  request: z.object({ callId: z.uuid(), legId: z.uuid() }),
  reply: z.object({ accepted: z.boolean() }),
});
