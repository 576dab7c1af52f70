import { z } from 'zod';
import { audioFormatSchema, sessionUpdateSchema } from './session-config.js';

const eventId = z.string().max(512).optional();

const contentPart = z.strictObject({
  type: z.enum(['input_text', 'input_audio', 'input_image', 'output_text', 'output_audio']),
  text: z.string().optional(),
  audio: z.string().optional(),
  transcript: z.string().nullish(),
  image_url: z.string().optional(),
  detail: z.string().optional(),
});

/** An item as a client may create it. */
export const itemInputSchema = z.discriminatedUnion('type', [
  z.strictObject({
    type: z.literal('message'),
    id: z.string().max(64).optional(),
    object: z.string().optional(),
    status: z.string().optional(),
    role: z.enum(['user', 'assistant', 'system']),
    content: z.array(contentPart),
  }),
  z.strictObject({
    type: z.literal('function_call'),
    id: z.string().max(64).optional(),
    object: z.string().optional(),
    status: z.string().optional(),
    call_id: z.string().optional(),
    name: z.string(),
    arguments: z.string(),
  }),
  z.strictObject({
    type: z.literal('function_call_output'),
    id: z.string().max(64).optional(),
    object: z.string().optional(),
    status: z.string().optional(),
    call_id: z.string(),
    output: z.string(),
  }),
]);
export type ItemInput = z.infer<typeof itemInputSchema>;

const itemReference = z.strictObject({ type: z.literal('item_reference'), id: z.string() });

/** The parameters of `response.create`; the rest of the session's settings apply. */
export const responseParamsSchema = z.strictObject({
  conversation: z.enum(['auto', 'none']).optional(),
  input: z.array(z.union([itemInputSchema, itemReference])).optional(),
  output_modalities: z.tuple([z.enum(['audio', 'text'])]).optional(),
  instructions: z.string().optional(),
  tools: z.array(z.unknown()).optional(),
  tool_choice: z.unknown().optional(),
  max_output_tokens: z.union([z.int(), z.literal('inf')]).optional(),
  metadata: z.record(z.string(), z.string()).nullish(),
  prompt: z.unknown().optional(),
  audio: z.strictObject({ output: z.strictObject({ format: audioFormatSchema.optional(), voice: z.string().optional() }) }).optional(),
});
export type ResponseParams = z.infer<typeof responseParamsSchema>;

const clientEventSchemas = {
  'session.update': z.strictObject({ type: z.literal('session.update'), event_id: eventId, session: sessionUpdateSchema }),
  'input_audio_buffer.append': z.strictObject({ type: z.literal('input_audio_buffer.append'), event_id: eventId, audio: z.string().max(15 * 1024 * 1024) }),
  'input_audio_buffer.commit': z.strictObject({ type: z.literal('input_audio_buffer.commit'), event_id: eventId }),
  'input_audio_buffer.clear': z.strictObject({ type: z.literal('input_audio_buffer.clear'), event_id: eventId }),
  'conversation.item.create': z.strictObject({
    type: z.literal('conversation.item.create'),
    event_id: eventId,
    previous_item_id: z.string().nullish(),
    item: itemInputSchema,
  }),
  'conversation.item.retrieve': z.strictObject({ type: z.literal('conversation.item.retrieve'), event_id: eventId, item_id: z.string() }),
  'conversation.item.truncate': z.strictObject({
    type: z.literal('conversation.item.truncate'),
    event_id: eventId,
    item_id: z.string(),
    content_index: z.int().min(0),
    audio_end_ms: z.int().min(0),
  }),
  'conversation.item.delete': z.strictObject({ type: z.literal('conversation.item.delete'), event_id: eventId, item_id: z.string() }),
  'response.create': z.strictObject({ type: z.literal('response.create'), event_id: eventId, response: responseParamsSchema.optional() }),
  'response.cancel': z.strictObject({ type: z.literal('response.cancel'), event_id: eventId, response_id: z.string().optional() }),
} as const;

type Schemas = typeof clientEventSchemas;
export type ClientEvent = { [K in keyof Schemas]: z.infer<Schemas[K]> }[keyof Schemas];

/** An error in the shape of the real service. */
export interface ApiError {
  readonly type: 'invalid_request_error' | 'server_error';
  readonly code: string | null;
  readonly message: string;
  readonly param: string | null;
  readonly event_id?: string | null;
}

export type ReadResult = { readonly event: ClientEvent } | { readonly error: ApiError };

/** Reads one text message as the GA service does: unknown types, unknown fields and missing fields are refused with its error codes. */
export function readClientEvent(text: string): ReadResult {
  let raw: unknown;
  try {
    raw = JSON.parse(text);
  } catch {
    return { error: invalid('invalid_json', 'We could not parse the JSON body of your event.', null) };
  }
  const outer = z.looseObject({ type: z.string(), event_id: z.string().optional() }).safeParse(raw);
  if (!outer.success) return { error: invalid('missing_required_parameter', "Missing required parameter: 'type'.", 'type') };
  const id = outer.data.event_id ?? null;
  if (!Object.hasOwn(clientEventSchemas, outer.data.type)) {
    const supported = Object.keys(clientEventSchemas).map((name) => `'${name}'`);
    return { error: invalid('invalid_value', `Invalid value: '${outer.data.type}'. Supported values are: ${supported.join(', ')}.`, 'type', id) };
  }
  const schema: z.ZodType = clientEventSchemas[outer.data.type as keyof Schemas];
  const parsed = schema.safeParse(raw);
  if (parsed.success) return { event: parsed.data as ClientEvent };
  return { error: ofIssue(parsed.error.issues[0]!, id) };
}

function ofIssue(issue: z.core.$ZodIssue, eventId: string | null): ApiError {
  const path = issue.path.join('.');
  if (issue.code === 'unrecognized_keys') {
    const param = [path, issue.keys[0]].filter((part) => part !== '').join('.');
    return invalid('unknown_parameter', `Unknown parameter: '${param}'.`, param, eventId);
  }
  if (issue.code === 'invalid_type' && issue.input === undefined) return invalid('missing_required_parameter', `Missing required parameter: '${path}'.`, path, eventId);
  return invalid(issue.code === 'invalid_type' ? 'invalid_type' : 'invalid_value', `Invalid value for '${path}': ${issue.message}.`, path, eventId);
}

/** An `invalid_request_error`. */
export function invalid(code: string, message: string, param: string | null, eventId: string | null = null): ApiError {
  return { type: 'invalid_request_error', code, message, param, event_id: eventId };
}
