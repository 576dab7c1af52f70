import { z } from 'zod';
import { defineCommand } from '../define-command.js';
import { digitSchema } from '../../route/node.js';

/** How the leg of an AI agent ended. */
export const legOutcomeSchema = z.enum(['digit', 'handoff', 'failed', 'caller_gone', 'ended']);

/**
 * How a stream leg (`digits` in the attach) ended, asked when Twilio goes on with the call. Any replica answers, from the leg's row; one whose process was
 * killed, and one that never came, is `failed`, and so is no answer.
 *
 * `digit`: a key of the attach's `digits`. `handoff`: the agent wants a person. `failed`: no engine could be had, or the connection broke. `caller_gone`:
 * the caller's stream was over first. `ended`: the agent has said goodbye, or the conversation was ended by command.
 */
export const LegOutcomeV1 = defineCommand({
  service: 'realtime-voice',
  verb: 'leg-outcome',
  version: 1,
  clients: ['provisioning'],
  summary: 'Tells how a media leg that ends by itself has ended.',
  timeoutMs: 1_000,
  request: z.object({ leg: z.uuid() }),
  reply: z.object({
    outcome: legOutcomeSchema,
    digit: digitSchema.optional(),
    summary: z.string().max(4_000).optional().describe('What a person who takes over should know.'),
    reason: z.string().max(500).optional().describe('Why a person is wanted, or what failed.'),
    resumable: z.boolean().describe('The conversation was under way, is not over, and no other leg has taken it up: attach another leg with `resume` and it goes on.'),
  }),
});
