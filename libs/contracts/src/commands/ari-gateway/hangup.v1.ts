import { z } from 'zod';
import { defineCommand } from '../define-command.js';

/** Ends a call; idempotent: a call that is over already answers `ended: false`. */
export const HangupV1 = defineCommand({
  service: 'ari-gateway',
  verb: 'hangup',
  version: 1,
  clients: ['realtime-voice', 'collections-dialer'],
  summary: 'Ends a call.',
  timeoutMs: 2_000,
  request: z.object({ callId: z.uuid(), by: z.enum(['agent', 'api', 'system']), reason: z.string().max(500).optional() }),
  reply: z.object({ ended: z.boolean() }),
});
