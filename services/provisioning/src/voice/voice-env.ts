import { url } from '@troncal/config';
import { z } from 'zod';
import { voicesSchema } from './twiml/voices.js';

/** The settings of voice on Twilio's rail. */
export const voiceEnv = {
  /** Where the last known state of the voice directory is kept: on a disk that outlives the process. */
  VOICE_STATE_DIR: z.string().min(1).describe('a folder').default('.troncal/voice'),
  /** Other voices than the built-in ones. */
  VOICE_VOICES: z
    .string()
    .describe('voices by locale as a JSON object, for example {"es-MX":"Polly.Andres-Neural"}')
    .transform((text, context) => {
      try {
        return voicesSchema.parse(JSON.parse(text));
      } catch {
        context.addIssue({ code: 'custom', message: 'not a JSON object of voices by locale (es-MX, es-ES, es-US, en-US)' });
        return z.NEVER;
      }
    })
    .optional(),
  /** Played to callers between two rounds over a queue's members; silence when absent. */
  VOICE_HOLD_MUSIC_URL: url(['https', 'http']).optional(),
};

/** As much of provisioning's settings as voice looks at. */
export type VoiceConfig = z.output<z.ZodObject<typeof voiceEnv>> & { readonly CREDENTIALS_KEY: string };
