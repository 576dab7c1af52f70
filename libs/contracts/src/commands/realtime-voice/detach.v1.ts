import { z } from 'zod';
import { defineCommand } from '../define-command.js';

/** Ends the agent’s part in a call; idempotent. The gateway takes the media leg out of the bridge itself and does not wait for this. */
export const DetachV1 = defineCommand({
  service: 'realtime-voice',
  verb: 'detach',
  version: 1,
  clients: ['ari-gateway', 'provisioning'],
  summary: 'Ends the agent’s part in a call.',
  timeoutMs: 1_000,
  request: z.object({ callId: z.uuid(), reason: z.enum(['handoff', 'detached', 'call_ended']) }),
  reply: z.object({ detached: z.boolean() }),
});
