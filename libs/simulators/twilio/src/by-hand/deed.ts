import { z } from 'zod';

/** Twilio's parameters by name: `{"VoiceUrl": "https://handler.twilio.com/twiml/EH…"}`. */
const parameters = z.record(z.string(), z.string()).default({});
const verb = z.enum(['add', 'set', 'remove']);
const mappingKind = z.enum(['calls', 'registrations', 'addresses']);

const what = z.union([
  /** One that is added is for sale to this account, without bundle and address. */
  z.strictObject({ verb, number: z.string().regex(/^\+[1-9]\d{6,14}$/), with: parameters }),
  z.strictObject({ verb, domain: z.string(), with: parameters }),
  z.strictObject({ verb, list: z.string(), with: parameters }),
  z.strictObject({ verb, list: z.string(), username: z.string(), with: parameters }),
  /** Of a credential list, or for `addresses` of an IP access control list, with a domain. */
  z.strictObject({ verb: z.enum(['add', 'remove']), mapping: mappingKind, domain: z.string(), list: z.string() }),
  /** Dialing permissions, as BulkCountryUpdates takes them. */
  z.strictObject({ verb: z.literal('set'), countries: z.array(z.record(z.string(), z.union([z.string(), z.boolean()]))) }),
]);
export type DeedWhat = z.output<typeof what>;

/** A change that somebody made beside us. Things are named as people name them: numbers in E.164, domains and lists by name. */
export const deedSchema = z.strictObject({
  /** A person at the console, or whoever has a key. The audit log tells a SID only, which is made of this. */
  who: z.string().min(1),
  from: z.enum(['console', 'api']),
  ip: z.string().default('198.51.100.23'),
  /** SID; the main account unless told. */
  account: z.string().optional(),
  do: what,
});
export type Deed = z.output<typeof deedSchema>;
