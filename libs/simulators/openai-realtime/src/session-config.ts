import { z } from 'zod';

/** Audio formats of the GA protocol: linear PCM at 24 kHz only, or G.711 at 8 kHz. */
export const audioFormatSchema = z.discriminatedUnion('type', [
  z.strictObject({ type: z.literal('audio/pcm'), rate: z.literal(24_000).default(24_000) }),
  z.strictObject({ type: z.literal('audio/pcmu') }),
  z.strictObject({ type: z.literal('audio/pcma') }),
]);
export type AudioFormat = z.infer<typeof audioFormatSchema>;

const serverVad = z.strictObject({
  type: z.literal('server_vad'),
  threshold: z.number().min(0).max(1).default(0.5),
  prefix_padding_ms: z.int().min(0).default(300),
  silence_duration_ms: z.int().min(0).default(500),
  create_response: z.boolean().default(true),
  interrupt_response: z.boolean().default(true),
  idle_timeout_ms: z.int().min(5_000).max(30_000).nullish(),
});
const semanticVad = z.strictObject({
  type: z.literal('semantic_vad'),
  eagerness: z.enum(['low', 'medium', 'high', 'auto']).default('auto'),
  create_response: z.boolean().default(true),
  interrupt_response: z.boolean().default(true),
});
const turnDetectionSchema = z.discriminatedUnion('type', [serverVad, semanticVad]);
export type TurnDetection = z.infer<typeof turnDetectionSchema>;

const toolSchema = z.strictObject({
  type: z.literal('function'),
  name: z.string().regex(/^[a-zA-Z0-9_-]{1,64}$/),
  description: z.string().optional(),
  parameters: z.record(z.string(), z.unknown()).optional(),
});

/** What `session.update` may carry. Strict: the GA service refuses the whole update for one unknown (for example Beta-named) field. */
export const sessionUpdateSchema = z.strictObject({
  type: z.literal('realtime'),
  model: z.string().optional(),
  output_modalities: z.tuple([z.enum(['audio', 'text'])]).optional(),
  instructions: z.string().optional(),
  tools: z.array(toolSchema).max(128).optional(),
  tool_choice: z.union([z.enum(['auto', 'none', 'required']), z.strictObject({ type: z.literal('function'), name: z.string() })]).optional(),
  parallel_tool_calls: z.boolean().optional(),
  max_output_tokens: z.union([z.int().min(1).max(4_096), z.literal('inf')]).optional(),
  truncation: z.unknown().optional(),
  tracing: z.unknown().optional(),
  include: z.array(z.string()).nullish(),
  prompt: z.unknown().optional(),
  reasoning: z.strictObject({ effort: z.enum(['minimal', 'low', 'medium', 'high', 'xhigh']) }).optional(),
  audio: z
    .strictObject({
      input: z
        .strictObject({
          format: audioFormatSchema.optional(),
          noise_reduction: z.strictObject({ type: z.enum(['near_field', 'far_field']) }).nullish(),
          transcription: z.strictObject({ model: z.string(), language: z.string().optional(), prompt: z.string().optional() }).nullish(),
          turn_detection: turnDetectionSchema.nullish(),
        })
        .optional(),
      output: z
        .strictObject({ format: audioFormatSchema.optional(), voice: z.string().min(1).optional(), speed: z.number().min(0.25).max(1.5).optional() })
        .optional(),
    })
    .optional(),
});
export type SessionUpdate = z.infer<typeof sessionUpdateSchema>;

export interface SessionConfig {
  type: 'realtime';
  object: 'realtime.session';
  id: string;
  model: string;
  output_modalities: readonly ('audio' | 'text')[];
  instructions: string;
  tools: readonly z.infer<typeof toolSchema>[];
  tool_choice: unknown;
  max_output_tokens: number | 'inf';
  truncation: unknown;
  tracing: unknown;
  include: readonly string[] | null;
  prompt: unknown;
  expires_at: number;
  audio: {
    input: {
      format: AudioFormat;
      noise_reduction: unknown;
      transcription: { model: string; language?: string | undefined; prompt?: string | undefined } | null;
      turn_detection: TurnDetection | null;
    };
    output: { format: AudioFormat; voice: string; speed: number };
  };
}

/** The session as it is before the first update: 24 kHz PCM both ways, server VAD, no tools. */
export function defaultSession(id: string, model: string, expiresAt: number): SessionConfig {
  return {
    type: 'realtime',
    object: 'realtime.session',
    id,
    model,
    output_modalities: ['audio'],
    instructions: '',
    tools: [],
    tool_choice: 'auto',
    max_output_tokens: 'inf',
    truncation: 'auto',
    tracing: null,
    include: null,
    prompt: null,
    expires_at: expiresAt,
    audio: {
      input: {
        format: { type: 'audio/pcm', rate: 24_000 },
        noise_reduction: null,
        transcription: null,
        turn_detection: { type: 'server_vad', threshold: 0.5, prefix_padding_ms: 300, silence_duration_ms: 200, create_response: true, interrupt_response: true, idle_timeout_ms: null },
      },
      output: { format: { type: 'audio/pcm', rate: 24_000 }, voice: 'marin', speed: 1 },
    },
  };
}

/** The session after an update: what isn't mentioned stays; a null clears. */
export function applyUpdate(session: SessionConfig, update: SessionUpdate): SessionConfig {
  const { audio, ...rest } = update;
  return {
    ...session,
    ...defined(rest),
    // The model of a session can't change; the real service echoes the one it was opened with.
    model: session.model,
    audio: { input: { ...session.audio.input, ...defined(audio?.input ?? {}) }, output: { ...session.audio.output, ...defined(audio?.output ?? {}) } },
  } as SessionConfig;
}

function defined(part: object): object {
  return Object.fromEntries(Object.entries(part).filter(([, value]) => value !== undefined));
}
