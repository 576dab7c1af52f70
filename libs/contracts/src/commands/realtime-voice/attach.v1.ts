import { z } from 'zod';
import { defineCommand } from '../define-command.js';
import { tenantSchema } from '../../envelope/tenant-code.js';
import { agentCodeSchema, digitSchema } from '../../route/node.js';
import { languageSchema } from '../../route/prompt.js';

/**
 * Prepares an AI agent for a call. The media leg's socket follows with the same `legId`, which is used once; whichever replica
 * it reaches claims it. `resume` takes a conversation up again after its process died.
 *
 * With `digits` the leg is a stream that only realtime-voice speaks to (Twilio's Media Streams): keys, a wish for a person and a goodbye end it there, and
 * how it ended is asked by `leg-outcome`. Without, the leg is one that the gateway holds, and the gateway acts on all of them.
 */
export const AttachV1 = defineCommand({
  service: 'realtime-voice',
  verb: 'attach',
  version: 1,
  clients: ['ari-gateway', 'provisioning'],
  summary: 'Prepares an AI agent and its media leg for a call.',
  timeoutMs: 2_000,
  request: z.object({
    callId: z.uuid(),
    legId: z.uuid(),
    tenant: tenantSchema,
    agent: agentCodeSchema,
    format: z.enum(['ulaw', 'alaw']),
    language: languageSchema,
    caller: z.string().max(80),
    called: z.string().max(80),
    resume: z.boolean().default(false),
    digits: z.array(digitSchema).max(12).optional().describe('For a stream leg: the keys that end it. Such a leg is ulaw.'),
  }),
  reply: z.object({ conversationId: z.string(), engine: z.string() }),
});
