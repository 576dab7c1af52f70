import { z } from 'zod';
import type { Attributes } from './rows.js';
import { TwilioError } from './twilio-error.js';

/** An empty value clears it, as Twilio does. */
export const url = (): z.ZodType<string | null> => z.union([z.literal('').transform(() => null), z.url({ protocol: /^https?$/ })]);
export const method = (): z.ZodType<string> => z.string().toUpperCase().pipe(z.enum(['GET', 'POST']));
export const flag = (): z.ZodType<boolean> => z.enum(['true', 'false', 'True', 'False']).transform((text) => text.toLowerCase() === 'true');
/** A SID of that kind; empty clears it. */
export const sid = (prefix: string): z.ZodType<string | null> => z.union([z.literal('').transform(() => null), z.string().regex(new RegExp(`^${prefix}[0-9a-fA-F]{32}$`))]);
export const friendlyName = (): z.ZodType<string> => z.string().max(64);

/** What a domain and a number have in common: a name, and where calls are asked about. */
export const voiceParameters = {
  FriendlyName: friendlyName().optional(),
  VoiceUrl: url().optional(),
  VoiceMethod: method().optional(),
  VoiceFallbackUrl: url().optional(),
  VoiceFallbackMethod: method().optional(),
};

/**
 * What a request's form says, by Twilio's parameter names. A parameter that isn't known is refused too: Twilio ignores it, and the slip would be found by
 * nobody. When a parameter is repeated its last value counts.
 * @param code of the refusal @throws TwilioError 400
 */
export function readForm<S extends z.ZodObject>(schema: S, form: URLSearchParams, code: number): z.output<S> {
  const parsed = schema.safeParse(Object.fromEntries(form));
  if (parsed.success) return parsed.data;
  throw new TwilioError(400, code, parsed.error.issues.map(({ path, message }) => `${path.join('.') || 'Parameters'}: ${message}`).join('; '));
}

/** `VoiceUrl` of a form is `voice_url` of the answer. What wasn't given is left out. */
export function attributesOf(form: Readonly<Record<string, unknown>>): Attributes {
  const given = Object.entries(form).filter(([, value]) => value !== undefined);
  return Object.fromEntries(given.map(([name, value]) => [name.replace(/[A-Z]/g, (letter, at) => `${at === 0 ? '' : '_'}${letter.toLowerCase()}`), value])) as Attributes;
}
