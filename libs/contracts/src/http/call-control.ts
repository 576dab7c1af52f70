import { z } from 'zod';
import { tenantCodeSchema } from '../envelope/tenant-code.js';
import { agentCodeSchema, extensionSchema, queueNameSchema } from '../route/node.js';
import { languageSchema } from '../route/prompt.js';
import { routeCodeSchema } from '../route/route.js';

/** A number outside, as dialled: E.164, or as in the tenant's country. */
const numberSchema = z.string().trim().regex(/^\+?[0-9 ()./-]{2,40}$/, 'a number such as +56223456789');
const reason = z.string().max(500).optional();
const ringMs = z.int().min(1_000).max(120_000).default(25_000).describe('How long it is rung, ms.');

const exactlyOne = <Body extends object>(body: Body, names: readonly (keyof Body)[]): boolean => names.filter((name) => body[name] !== undefined).length === 1;

/** POST /api/calls/{id}/hold. */
export const holdSchema = z.strictObject({});
/** POST /api/calls/{id}/resume. */
export const resumeSchema = z.strictObject({});

/** POST /api/calls/{id}/play: a sound of the tenant, or one of its recordings, heard by everybody in the call. */
const playFields = z.strictObject({
  sound: z.string().regex(/^[a-z0-9][a-z0-9_-]{0,63}$/).optional().describe('`tenants/<tenant>/<sound>.wav` in the folder of sounds: 8 kHz, mono, 16 bits.'),
  recording: z.string().regex(/^[0-9A-Z]{26}$/).optional().describe('A finished recording of the same tenant.'),
});
export const playSchema = playFields.refine((body) => exactlyOne(body, ['sound', 'recording']), { message: 'give exactly one of "sound" and "recording"', path: ['sound'] });
/** DELETE /api/calls/{id}/play. */
export const stopPlaySchema = z.strictObject({});

/** POST /api/calls/{id}/say: a text, spoken to everybody in the call. */
export const saySchema = z.strictObject({ text: z.string().trim().min(1).max(1_000), language: languageSchema.optional().describe('The call’s own when left out.') });

/** POST /api/calls/{id}/dtmf. */
export const dtmfSchema = z.strictObject({
  digits: z.string().regex(/^[0-9*#A-D]{1,64}$/, '1 to 64 of 0-9, *, # and A-D'),
  to: z.enum(['caller', 'other']).default('other').describe('Who hears them.'),
  masked: z.boolean().default(false).describe('They are a secret: no event and no log shows them.'),
});

/** POST /api/calls/{id}/bridge: this caller and the other call's caller hear each other; whoever they talked with is let go. */
export const bridgeSchema = z.strictObject({ with: z.uuid() });

const conferenceName = z.string().regex(/^[a-z0-9][a-z0-9_-]{0,31}$/, '1 to 32 of a-z, 0-9, "_" and "-"');
/** POST /api/calls/{id}/conference: everybody in the call joins the tenant's conference of that name, which begins with its first call. */
export const conferenceSchema = z.strictObject({ conference: conferenceName });
/** DELETE /api/calls/{id}/conference. */
export const leaveConferenceSchema = z.strictObject({});

/** A slot as it is dialled after *85. */
export const slotSchema = z.string().regex(/^[0-9]{2,4}$/, '2 to 4 digits');
/** POST /api/calls/{id}/park; the body may be left out. */
export const parkSchema = z.strictObject({
  slot: slotSchema.optional().describe('The lowest free one of 70 to 99 when left out.'),
  timeoutMs: z.int().min(1_000).max(3_600_000).default(120_000).describe('After it the caller is given back.'),
  returnTo: extensionSchema.optional().describe('The extension it is given back to; when left out, the one that the caller talked with, else the route.'),
});
/** POST /api/calls/{id}/pickup: rings the extension, which takes the caller from the slot when it answers. */
export const pickupSchema = z.strictObject({ extension: extensionSchema, timeoutMs: ringMs });

const transferFields = z.strictObject({
  extension: extensionSchema.optional(),
  number: numberSchema.optional().describe('Outside, through a declared trunk.'),
  queue: queueNameSchema.optional(),
  route: routeCodeSchema.optional(),
  agent: agentCodeSchema.optional(),
  reason,
  timeoutMs: ringMs,
  onNoAnswer: z.enum(['return', 'end']).default('return').describe('return: whoever the caller talked with is rung again, else the route runs anew. For "extension" and "number".'),
});
/** POST /api/calls/{id}/transfer: exactly one target; the caller hears ringing until it answers. */
export const transferSchema = transferFields.refine((body) => exactlyOne(body, ['extension', 'number', 'queue', 'route', 'agent']), {
  message: 'give exactly one of "extension", "number", "queue", "route" and "agent"', path: ['extension'],
});

const warmTransferFields = z.strictObject({
  extension: extensionSchema.optional(),
  number: numberSchema.optional(),
  briefing: z.string().trim().min(1).max(1_000).optional().describe('Said to the target when it answers; the caller doesn’t hear it.'),
  reason,
  timeoutMs: ringMs,
});
/** POST /api/calls/{id}/warm-transfer: the caller hears music while whoever talked with the caller, and the briefing, speak to the target. */
export const warmTransferSchema = warmTransferFields.refine((body) => exactlyOne(body, ['extension', 'number']), { message: 'give exactly one of "extension" and "number"', path: ['extension'] });
/** POST /api/calls/{id}/warm-transfer/complete and /cancel. */
export const completeTransferSchema = z.strictObject({});
export const cancelTransferSchema = z.strictObject({});

/** POST /api/calls/{id}/snoop: rings a supervisor's phone, which then hears everybody; with `whisper` one party hears the supervisor. */
export const snoopSchema = z.strictObject({
  mode: z.enum(['listen', 'whisper']).default('listen'),
  party: z.enum(['caller', 'other']).default('caller').describe('Whose ear: the one who hears a whisper.'),
  extension: extensionSchema.describe('The supervisor’s phone.'),
  timeoutMs: ringMs,
});
/** DELETE /api/calls/{id}/snoop/{snoopId}. */
export const stopSnoopSchema = z.strictObject({ snoopId: z.string().regex(/^[0-9A-Z]{26}$/, 'a snoop id is a ULID') });

/** POST /api/calls/{id}/recording; the body may be left out. */
export const startRecordingSchema = z
  .strictObject({ announce: z.boolean().default(false), channels: z.enum(['mono', 'stereo']).default('mono').describe('stereo: the caller on the left, what the caller hears on the right.') })
  .default({ announce: false, channels: 'mono' });
/** DELETE /api/calls/{id}/recording, POST /api/calls/{id}/recording/pause and /resume. */
export const stopRecordingSchema = z.strictObject({});
export const pauseRecordingSchema = z.strictObject({});
export const resumeRecordingSchema = z.strictObject({});

/** GET /api/calls/parked. */
export const listParkedSchema = z.strictObject({ tenant: tenantCodeSchema.optional() });
export const parkedPageSchema = z.object({ parked: z.array(z.object({ tenant: z.string(), slot: z.string(), callId: z.uuid(), from: z.string(), until: z.iso.datetime(), returnTo: z.string().nullable() })) });
export type ParkedPage = z.infer<typeof parkedPageSchema>;

/** What the commands ask, without refinements that a command can't carry: the use case checks them again. */
export const controlFields = { play: playFields, transfer: transferFields, warmTransfer: warmTransferFields } as const;
