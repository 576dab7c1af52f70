import { z } from 'zod';
import { insightsSchema } from './insights/insights-wish.js';

/** What happens when a number is called that isn't Twilio's. */
export const calleeSchema = z.strictObject({
  /** The number, or a regular expression on it between slashes: `/^\+569/`. */
  number: z.string(),
  does: z.discriminatedUnion('what', [
    z.strictObject({
      what: z.literal('answer'),
      /** It rings first, ms. */
      afterMs: z.int().min(0).default(50),
      /** What is heard there; nothing when absent. */
      hz: z.number().min(50).max(3_900).optional(),
      /** How long it is heard, ms. */
      toneMs: z.int().min(20).default(30_000),
      /** It hangs up so long after its answer, ms; never when absent. */
      hangUpMs: z.int().min(0).optional(),
      /** It presses these keys when it has answered. */
      presses: z.string().regex(/^[\d*#]*$/).default(''),
    }),
    z.strictObject({ what: z.literal('busy') }),
    z.strictObject({ what: z.literal('no-answer') }),
    z.strictObject({ what: z.literal('fail'), sipStatus: z.int().min(400).max(699).default(503) }),
    /** A SIP phone answers, as the telephone of this number: `sip:user@address:port`. */
    z.strictObject({ what: z.literal('sip'), uri: z.string().startsWith('sip:') }),
  ]),
});
export type Callee = z.output<typeof calleeSchema>;

/** How calls behave. What isn't said has its default. */
export const voiceSettingsSchema = z.strictObject({
  /** A second of TwiML (timeouts, pauses, lengths) lasts so long, ms. */
  secondMs: z.number().min(1).default(1_000),
  /** A letter of a prompt lasts so long, ms, where no speech program is given. */
  msPerLetter: z.number().min(0).default(5),
  /** Enhanced Programmable SIP Features: several nouns in one <Dial>. */
  enhancedSip: z.boolean().default(false),
  /** Numbers that may be shown beside the account's own. */
  verifiedCallerIds: z.array(z.string()).default([]),
  /** Numbers that aren't Twilio's, the first that fits; the others answer. */
  callees: z.array(calleeSchema).default([]),
  /** Addresses that are really to be had elsewhere: what begins with `from` is asked at `to`. The signature is over what was given. */
  publicUrls: z.array(z.strictObject({ from: z.string(), to: z.string() })).default([]),
  callbacks: z
    .strictObject({
      /** Each comes later by up to so long, and so in any order, ms. */
      shuffleMs: z.int().min(0).default(0),
      delayMs: z.int().min(0).default(0),
      /** Each comes so often. */
      repeat: z.int().min(1).max(10).default(1),
      /** The share of them that never comes. */
      lose: z.number().min(0).max(1).default(0),
    })
    .prefault({}),
  /** When calls are rated, and at what price a minute (what Twilio takes: above 0); that of the price list unless told. */
  rating: z.strictObject({ afterMs: z.int().min(0).default(0), perMinute: z.number().min(0).optional() }).prefault({}),
  /** What Voice Insights tell of calls. */
  insights: insightsSchema.prefault({}),
  /** Whether the account's dialing permissions count (13227, 21215). Off unless told: by them a new account may call the United States only. */
  dialingPermissions: z.boolean().default(false),
});
export type VoiceSettings = z.output<typeof voiceSettingsSchema>;

/** Where an address is really to be had. */
export function placeOf(settings: VoiceSettings, url: string): string {
  const moved = settings.publicUrls.find(({ from }) => url.startsWith(from));
  return moved === undefined ? url : moved.to + url.slice(moved.from.length);
}

export function calleeOf(settings: VoiceSettings, number: string): Callee['does'] {
  const fits = ({ number: wanted }: Callee): boolean => {
    const pattern = /^\/(.+)\/$/.exec(wanted)?.[1];
    return pattern === undefined ? wanted === number : new RegExp(pattern).test(number);
  };
  return settings.callees.find(fits)?.does ?? { what: 'answer', afterMs: 50, toneMs: 30_000, presses: '' };
}
