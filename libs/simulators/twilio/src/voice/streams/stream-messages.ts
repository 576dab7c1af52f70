import { z } from 'zod';

const streamSid = z.string();

/** By its length: Node reads over what isn't base64, and a pattern would take its time over minutes of audio. */
function isBase64(text: string): boolean {
  const padding = /=*$/.exec(text.slice(-2))![0].length;
  return text.length % 4 === 0 && Buffer.from(text, 'base64').length === (text.length / 4) * 3 - padding;
}

/** What a server may say over a bidirectional stream: these fields and no others. */
const messageSchema = z.discriminatedUnion('event', [
  z.strictObject({ event: z.literal('media'), streamSid, media: z.strictObject({ payload: z.string().refine(isBase64, 'not base64') }) }),
  z.strictObject({ event: z.literal('mark'), streamSid, mark: z.strictObject({ name: z.string() }) }),
  z.strictObject({ event: z.literal('clear'), streamSid }),
]);
type StreamMessage = z.output<typeof messageSchema>;

/** One message that came, or why it means nothing to Twilio. */
export function readStreamMessage(data: unknown): StreamMessage | { readonly code: number; readonly text: string } {
  if (typeof data !== 'string') return { code: 31951, text: 'Stream - Protocol - Invalid Message: binary' };
  const json = jsonOf(data);
  if (json === undefined) return { code: 31950, text: 'Stream - Protocol - Malformed Message' };
  const parsed = messageSchema.safeParse(json);
  if (parsed.success) return parsed.data;
  return { code: 31951, text: `Stream - Protocol - Invalid Message: ${parsed.error.issues.map(({ path, message }) => `${path.join('.')} ${message}`).join('; ')}` };
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
