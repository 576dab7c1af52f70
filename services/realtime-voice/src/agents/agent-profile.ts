import { agentCodeSchema, languageSchema } from '@troncal/contracts';
import { z } from 'zod';

/** When the caller's voice stops the agent's. */
export const bargeInSchema = z.strictObject({
  enabled: z.boolean().default(true),
  /** May the greeting be interrupted. */
  greeting: z.boolean().default(true),
  /** 0: silence at the provider's first word. More: the agent pauses, and falls silent only if the voice lasts this long; a cough costs a pause. */
  confirmMs: z.int().min(0).max(2_000).default(0),
  /** Speech quieter than the agent's own by this many dB is taken for its echo; null: never. For lines without echo cancelling. */
  echoGuardDb: z.number().min(0).max(40).nullable().default(null),
});

/** How the end of the caller's turn is found. */
export const turnTakingSchema = z.discriminatedUnion('type', [
  z.strictObject({
    type: z.literal('server_vad'),
    threshold: z.number().min(0).max(1).default(0.5),
    silenceMs: z.int().min(100).max(5_000).default(500),
  }),
  z.strictObject({ type: z.literal('semantic_vad'), eagerness: z.enum(['low', 'medium', 'high', 'auto']).default('auto') }),
]);

/** Tools an agent may be given. What they may do is decided outside the model. */
export const TOOL_NAMES = ['transfer_to_person', 'hang_up'] as const;
export type ToolName = (typeof TOOL_NAMES)[number];

/** What a person writes of an agent; each PUT makes a new version. */
export const agentSettingsSchema = z.strictObject({
  name: z.string().trim().min(1).max(80),
  instructions: z.string().trim().min(1).max(20_000),
  /** The provider's name of the voice. */
  voice: z.string().min(1).max(40).default('marin'),
  /** First words by language; the language `es` or `en` of the call picks one, else the first here. */
  greetings: z.partialRecord(languageSchema, z.string().trim().min(1).max(600)).refine((greetings) => Object.keys(greetings).length > 0, 'at least one greeting'),
  turnTaking: turnTakingSchema.default({ type: 'server_vad', threshold: 0.5, silenceMs: 500 }),
  bargeIn: bargeInSchema.default({ enabled: true, greeting: true, confirmMs: 0, echoGuardDb: null }),
  tools: z.array(z.enum(TOOL_NAMES)).max(TOOL_NAMES.length).default([...TOOL_NAMES]),
  /** Model that writes down what the caller says; null: no transcript of the caller. */
  transcription: z.string().max(60).nullable().default('gpt-4o-mini-transcribe'),
});
export type AgentSettings = z.output<typeof agentSettingsSchema>;

/** One version of an agent. A conversation keeps the version it began with. */
export interface AgentProfile extends AgentSettings {
  readonly tenant: string;
  readonly code: string;
  readonly version: number;
}

export { agentCodeSchema };

/** The greeting and the language it's in. Falls back to any language rather than to silence. */
export function greetingFor(profile: Pick<AgentProfile, 'greetings'>, language: string): { readonly language: string; readonly text: string } {
  const greetings: Readonly<Record<string, string | undefined>> = profile.greetings;
  const exact = greetings[language];
  if (exact !== undefined) return { language, text: exact };
  const [first] = Object.entries(greetings);
  return first === undefined ? { language, text: '' } : { language: first[0], text: first[1] ?? '' };
}
