import { z } from 'zod';

const address = z.object({ host: z.string(), port: z.int() });

/** One process that the launcher started; `startedAt` is the kernel’s start time (ticks), so that a pid used again by others is never killed. */
export const stackProcessSchema = z.object({ name: z.string(), pid: z.int(), startedAt: z.string(), logFile: z.string() });

/**
 * `<state>/state.json` (mode 0600): what `npm start` runs and where, for the CLI, the tests and the next start. Written whole and
 * renamed into place at each change.
 */
export const stackStateSchema = z.object({
  version: z.literal(1),
  phase: z.enum(['starting', 'ready', 'stopping', 'stopped']),
  launcher: z.object({ pid: z.int(), startedAt: z.string() }),
  http: z.object({ url: z.string().describe('The front door, e.g. http://127.0.0.1:8080'), apiKeyFile: z.string().describe('Holds the administrator’s key and nothing else.') }),
  nats: z.object({ url: z.string(), observer: z.object({ user: z.string(), password: z.string() }) }),
  postgres: address.extend({ database: z.string(), adminUrl: z.string() }),
  sip: address.extend({ bind: z.string(), realm: z.string() }).nullable().describe('null: Asterisk was left out or could not be had.'),
  asterisk: z.object({ ariUrl: z.string(), ariUser: z.string(), ariPassword: z.string(), version: z.string() }).nullable(),
  /** Every Asterisk here; the first is the one above. */
  edges: z.array(z.object({ edgeId: z.string(), process: z.string(), sip: address, ariUrl: z.string(), ariPassword: z.string() })).default([]),
  media: address,
  openAi: z.object({ url: z.string(), simulated: z.boolean(), controlUrl: z.string().nullable() }),
  twilio: z.object({ simulated: z.boolean(), accountSid: z.string(), publicUrl: z.string(), controlUrl: z.string().nullable(), sip: address.nullable().describe('Where phones of the simulated SIP domain register.'), trunk: address.nullable().describe('Where a phone plays the simulated telephone network.') }).nullable().default(null),
  gdms: z.object({ simulated: z.boolean(), controlUrl: z.string().nullable() }).nullable().default(null),
  demo: z.object({ tenant: z.string(), accounts: z.record(z.string(), z.object({ sipUser: z.string(), password: z.string() })) }).nullable(),
  espeak: z.array(z.string()).nullable().describe('argv of espeak-ng.'),
  leftOut: z.array(z.object({ part: z.string(), reason: z.string() })),
  directories: z.object({ state: z.string(), logs: z.string(), recordings: z.string(), sounds: z.string() }),
  processes: z.array(stackProcessSchema),
});
export type StackState = z.infer<typeof stackStateSchema>;
