import { localeIn, localeSchema, speaks, type Language, type Locale } from '@troncal/contracts';
import type VoiceResponse from 'twilio/lib/twiml/VoiceResponse.js';
import { z } from 'zod';

/** A voice and its language, as <Say> takes them: a pair that doesn't fit makes the verb fail. */
export interface Voice {
  readonly language: NonNullable<VoiceResponse.SayAttributes['language']>;
  readonly voice: NonNullable<VoiceResponse.SayAttributes['voice']>;
}

/**
 * One voice per locale. All of them stand in the SDK's own list of Polly's voices; `alice` is in that list and not in the documentation, and there is no voice
 * for es-CL.
 */
const VOICES = {
  'es-MX': 'Polly.Mia-Neural',
  'es-ES': 'Polly.Lucia-Neural',
  'es-US': 'Polly.Lupe-Neural',
  'en-US': 'Polly.Joanna-Neural',
  'en-GB': 'Polly.Amy-Neural',
} as const satisfies Readonly<Record<Locale, Voice['voice']>>;

/** A voice of Twilio's by its name; which of them there are changes, so the name's form is all that is looked at. */
const isVoice = (name: unknown): name is Voice['voice'] => typeof name === 'string' && /^(?:Polly|Google)\.[A-Za-z0-9-]{2,60}$/.test(name);

/** VOICE_VOICES: other voices for some of the locales. */
export const voicesSchema = z.partialRecord(localeSchema, z.custom<Voice['voice']>(isVoice, 'a voice of Polly or Google, for example Polly.Mia-Neural'));

/** Chooses who speaks. */
export class Voices {
  constructor(private readonly other: z.output<typeof voicesSchema> = {}) {}

  /** Who says this to callers of that country: as the route wishes, where Twilio knows such a voice, else the locale's own. */
  of({ language, locale, voice }: { readonly language: Language; readonly locale?: Locale | undefined; readonly voice?: string | undefined }, country: string, usual?: string): Voice {
    const own = localeSchema.safeParse(usual).data;
    const spoken = locale ?? (own !== undefined && speaks(own, language) ? own : localeIn(language, country));
    return { language: spoken, voice: isVoice(voice) ? voice : (this.other[spoken] ?? VOICES[spoken]) };
  }
}
