import { createHash } from 'node:crypto';
import twilio from 'twilio';

/** A webhook as it came, before anything has read it. */
export interface RawWebhook {
  readonly method: string;
  /** Path and query as they stood in the request line. */
  readonly target: string;
  readonly contentType: string | undefined;
  readonly body: Uint8Array;
  /** The header X-Twilio-Signature. */
  readonly signature: string | undefined;
}

export interface SigningFacts {
  /** Where Twilio was told to find us, without a path: `https://voice.example.com`. Never what the request says of its own host. */
  readonly publicUrl: string;
  /** Auth tokens of the account that owns the number or domain: two while one is being replaced. An API key's secret signs nothing. */
  readonly tokens: readonly string[];
}

const FORM = /^application\/x-www-form-urlencoded\s*(;|$)/i;
const JSON_TYPE = /^application\/json\s*(;|$)/i;

/**
 * Whether Twilio sent this request, to us, as it stands: X-Twilio-Signature over the public URL and every parameter of a form, or over the URL and the SHA-256 of
 * the body's bytes (`bodySHA256`) of JSON. Whatever isn't covered by the signature is refused: a body of another type, a body where none belongs. The comparison
 * takes the same time whatever is wrong. Source: twilio.com/docs/usage/webhooks/webhooks-security.
 */
export function isFromTwilio(request: RawWebhook, { publicUrl, tokens }: SigningFacts): boolean {
  const parameters = parametersOf(request);
  if (parameters === undefined || request.signature === undefined || request.signature === '') return false;
  const url = new URL(publicUrl).origin + request.target;
  // All of them, so that the time doesn't tell which one it was.
  return tokens.map((token) => twilio.validateRequest(token, request.signature ?? '', url, parameters)).includes(true);
}

/** What is signed beside the URL; undefined for a request of which not everything is. */
function parametersOf({ method, target, contentType = '', body }: RawWebhook): Record<string, string | string[]> | undefined {
  if (method === 'GET') return body.length === 0 ? {} : undefined;
  if (method !== 'POST') return undefined;
  if (FORM.test(contentType)) return formOf(body);
  if (!JSON_TYPE.test(contentType)) return body.length === 0 ? {} : undefined;
  const digests = new URLSearchParams(target.slice(target.indexOf('?') + 1)).getAll('bodySHA256');
  return digests.length === 1 && digests[0]?.toLowerCase() === createHash('sha256').update(body).digest('hex') ? {} : undefined;
}

/** Every parameter with all its values, empty ones too: they are signed. */
function formOf(body: Uint8Array): Record<string, string | string[]> {
  const form = new URLSearchParams(Buffer.from(body).toString('utf8'));
  const names = new Set(form.keys());
  return Object.fromEntries([...names].map((name) => [name, form.getAll(name)]));
}
