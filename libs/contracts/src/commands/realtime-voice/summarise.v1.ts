import { z } from 'zod';
import { defineCommand } from '../define-command.js';

/** What the agent knows of the caller, for the person who takes over. The asker’s deadline rules: no summary must never delay a handoff. */
export const SummariseV1 = defineCommand({
  service: 'realtime-voice',
  verb: 'summarise',
  version: 1,
  clients: ['ari-gateway', 'provisioning'],
  summary: 'A short summary of the conversation so far.',
  timeoutMs: 1_000,
  request: z.object({ callId: z.uuid() }),
  reply: z.object({ summary: z.string().max(4_000) }),
});
