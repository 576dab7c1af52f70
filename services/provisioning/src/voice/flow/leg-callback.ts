import { z } from 'zod';
import { urlOf, VOICE_PATHS } from '../voice-urls.js';

const legSchema = z.object({
  environment: z.string().min(1).max(64),
  /** Whose call it is. */
  tenant: z.string().min(1).max(64),
  /** The parent call. */
  call: z.string().regex(/^CA[0-9a-f]{32}$/),
  /** `person`: a phone of the tenant, by extension; `far_end`: a number outside; `edge`: our Asterisk, which has the call now and tells of it. */
  who: z.enum(['person', 'far_end', 'edge']),
  /** Extension, number or node, as facts name it. */
  target: z.string().min(1).max(80),
  /** When it was begun to be rung, ms since the epoch; a queue's: when the caller came into it. */
  since: z.coerce.number().int().nonnegative(),
  queue: z.string().max(80).optional(),
  /** The flow's step that the queue is. */
  step: z.coerce.number().int().nonnegative().optional(),
  /** What is to be settled when the leg has ended. */
  reservation: z.string().max(100).optional(),
});
/** What a leg's status callback has to know of the leg: it rides in the callback's URL, which Twilio signs. */
export type LegFacts = z.output<typeof legSchema>;

/** The status callback of a leg. */
export function legCallback(publicUrl: string, leg: LegFacts): string {
  const query = Object.entries(leg).flatMap(([name, value]) => (value === undefined ? [] : [[name, String(value)]]));
  return urlOf(publicUrl, VOICE_PATHS.legStatus, Object.fromEntries(query) as Record<string, string>);
}

/** @returns undefined for a URL that isn't one of these */
export function readLegCallback(query: URLSearchParams): LegFacts | undefined {
  return legSchema.safeParse(Object.fromEntries(query)).data;
}
