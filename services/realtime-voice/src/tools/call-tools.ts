import { z } from 'zod';
import type { ToolName } from '../agents/agent-profile.js';
import { defineTool, type AnyTool } from './tool.js';

/** What the tools may do to the call they are bound to; nothing else can be reached through them. */
export interface CallControl {
  /** Asks the gateway for a person. Resolves with its answer; rejects when it can't be reached. */
  handOff(wish: { readonly reason: string; readonly summary: string | undefined }): Promise<{ readonly accepted: boolean; readonly detail?: string | undefined }>;
  hangUp(reason: string): Promise<void>;
}

const DEADLINE_MS = 3_000;

/** The tools of one call. The call's id is bound here, so that no argument of the model can name another call. */
export function callTools(control: CallControl, allowed: readonly ToolName[]): AnyTool[] {
  const all: Readonly<Record<ToolName, AnyTool>> = {
    transfer_to_person: defineTool({
      name: 'transfer_to_person',
      description: 'Hands the call to a person. Use it when the caller asks for one or when you cannot help. Tell the caller first, in one short sentence.',
      schema: z.object({
        reason: z.string().max(500).describe('Why, in a few words.'),
        summary: z.string().max(2_000).optional().describe('What the person should know, in two or three sentences.'),
      }),
      deadlineMs: DEADLINE_MS,
      afterSpeech: true,
      cancelledBySpeech: false,
      async run({ reason, summary }) {
        const answer = await control.handOff({ reason, summary });
        return answer.accepted ? { ok: true, detail: 'The caller is being connected.', final: true } : { ok: false, detail: answer.detail ?? 'No person can be reached now.' };
      },
    }),
    hang_up: defineTool({
      name: 'hang_up',
      description: 'Ends the call. Use it only after you and the caller have said goodbye.',
      schema: z.object({ reason: z.string().max(500).default('') }),
      deadlineMs: DEADLINE_MS,
      afterSpeech: true,
      cancelledBySpeech: true,
      async run({ reason }) {
        await control.hangUp(reason);
        return { ok: true, detail: 'The call is over.', final: true };
      },
    }),
  };
  return allowed.map((name) => all[name]);
}

/** What the model is told of the tools. */
export function toolDescriptions(allowed: readonly ToolName[]): { readonly name: string; readonly description: string; readonly parameters: unknown }[] {
  const unbound: CallControl = { handOff: () => Promise.reject(new Error('unbound')), hangUp: () => Promise.reject(new Error('unbound')) };
  return callTools(unbound, allowed).map((tool) => ({ name: tool.name, description: tool.description, parameters: withoutDialect(z.toJSONSchema(tool.schema, { io: 'input' })) }));
}

function withoutDialect(schema: object): object {
  return Object.fromEntries(Object.entries(schema).filter(([key]) => key !== '$schema'));
}
