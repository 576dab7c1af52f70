import { z } from 'zod';

/** Languages that prompts can be spoken in. */
export const languageSchema = z.enum(['es', 'en']);
export type Language = z.infer<typeof languageSchema>;

/** How a language is spoken: its first two letters are the language. */
export const localeSchema = z.enum(['es-MX', 'es-ES', 'es-US', 'en-US', 'en-GB']);
export type Locale = z.infer<typeof localeSchema>;

/** Where a country speaks a language otherwise than most. */
const LOCALES: Readonly<Record<Language, { readonly usual: Locale; readonly of: Readonly<Record<string, Locale>> }>> = {
  es: { usual: 'es-MX', of: { ES: 'es-ES', US: 'es-US', PR: 'es-US' } },
  en: { usual: 'en-US', of: { GB: 'en-GB', IE: 'en-GB' } },
};

/** How a language is spoken to the callers of a country (ISO 3166-1 alpha-2) whose route says nothing of it. */
export function localeIn(language: Language, country: string): Locale {
  const { usual, of } = LOCALES[language];
  return Object.hasOwn(of, country) ? (of[country] ?? usual) : usual;
}

/** True when a locale is one of that language. */
export function speaks(locale: Locale, language: Language): boolean {
  return locale.startsWith(`${language}-`);
}

/** A name that the rail's own speech knows. It is written into TwiML: letters, digits, dots and hyphens only. */
const voiceSchema = z.string().regex(/^[A-Za-z][A-Za-z0-9.-]{0,63}$/, 'a voice is a name such as Polly.Mia-Neural');

/** What the caller hears: the text per language; the route's language wins, else the first one given. */
export const promptSchema = z
  .object({
    say: z.partialRecord(languageSchema, z.string().trim().min(1).max(2_000)),
    voice: z.partialRecord(languageSchema, voiceSchema).optional().describe('Who says it, per language; a rail that knows no such voice uses its own.'),
  })
  .refine((prompt) => Object.keys(prompt.say).length > 0, { message: 'a prompt needs a text in at least one language', path: ['say'] })
  .refine((prompt) => Object.keys(prompt.voice ?? {}).every((language) => Object.hasOwn(prompt.say, language)), { message: 'a voice needs a text in its language', path: ['voice'] });
export type Prompt = z.infer<typeof promptSchema>;
