import { z } from 'zod';
import { tenantCodeSchema } from '../envelope/tenant-code.js';
import { agentCodeSchema } from '../route/node.js';
import { routeCodeSchema } from '../route/route.js';

const dialled = z.string().trim().min(1).max(80);
const variables = z.record(z.string().regex(/^[A-Z][A-Z0-9_]{0,39}$/), z.string().max(255)).default({});

/** POST /api/calls: rings `to`; once answered, runs the route or connects the agent. Exactly one of `route` and `agent`. */
export const originateSchema = z
  .strictObject({
    tenant: tenantCodeSchema,
    to: dialled.describe('Extension, or E.164 through a declared trunk.'),
    from: dialled.optional().describe('Caller ID shown: an own extension or number.'),
    route: routeCodeSchema.optional(),
    agent: agentCodeSchema.optional(),
    variables,
    timeoutMs: z.int().min(1_000).max(120_000).default(30_000),
  })
  .refine((body) => (body.route === undefined) !== (body.agent === undefined), { message: 'give exactly one of "route" and "agent"', path: ['route'] });

/** POST /api/calls/originate: the owner’s document; the default agent talks. `tenant` may be left out when the key belongs to one, or when there is just one. */
export const originateByNumberSchema = z.strictObject({ phone_number: dialled, caller_id: dialled.optional(), tenant: tenantCodeSchema.optional() });

/** POST /api/calls/{id}/hangup; the body may be left out. */
export const hangupSchema = z.strictObject({ reason: z.string().max(500).optional() }).default({});
export const listCallsSchema = z.strictObject({
  live: z.union([z.literal(''), z.stringbool()]).transform((value) => value === '' || value).optional(),
  tenant: tenantCodeSchema.optional(),
  limit: z.coerce.number().int().min(1).max(200).default(50),
  after: z.string().max(200).optional().describe('`next` of the page before.'),
});

const legView = z.object({ legId: z.uuid(), kind: z.enum(['caller', 'endpoint', 'queue', 'media', 'trunk', 'call', 'conference', 'supervisor', 'snoop']), target: z.string(), state: z.enum(['created', 'ringing', 'up', 'ended']) });
export const callViewSchema = z.object({
  callId: z.uuid(), tenant: z.string(), direction: z.enum(['inbound', 'outbound', 'internal']), from: z.string(), to: z.string(),
  state: z.enum(['ringing', 'answered', 'ended']), at: z.string().describe('The route’s node, or what the call is doing.'),
  route: z.object({ code: z.string(), revision: z.int() }).nullable(), edgeId: z.string(), rail: z.enum(['asterisk', 'twilio']).default('asterisk'),
  startedAt: z.iso.datetime(), answeredAt: z.iso.datetime().nullable(), endedAt: z.iso.datetime().nullable(),
  disposition: z.string().nullable(), cause: z.int().nullable(), legs: z.array(legView),
  recordings: z.array(
    z.object({
      recordingId: z.string(), state: z.enum(['recording', 'ready', 'failed']), channels: z.enum(['mono', 'stereo']).default('mono'), paused: z.boolean().default(false), durationMs: z.int().nullable(), location: z.string(),
      purpose: z.enum(['call', 'voicemail']).default('call'), mailbox: z.string().nullable().default(null),
    }),
  ),
  held: z.boolean().default(false),
  parked: z.object({ slot: z.string(), until: z.iso.datetime(), returnTo: z.string().nullable() }).nullable().default(null),
  conference: z.string().nullable().default(null),
  consulting: z.object({ kind: z.enum(['endpoint', 'number']), target: z.string(), state: z.enum(['ringing', 'talking']) }).nullable().default(null),
  playing: z.string().nullable().default(null).describe('The playback that runs.'),
  snoops: z.array(z.object({ snoopId: z.string(), mode: z.enum(['listen', 'whisper']), party: z.enum(['caller', 'other']), extension: z.string(), state: z.enum(['ringing', 'listening']) })).default([]),
});
/** GET /api/calls: the newest first. */
export const callPageSchema = z.object({ calls: z.array(callViewSchema), next: z.string().optional() });
export const timelineEntrySchema = z.object({ time: z.iso.datetime(), type: z.string(), source: z.string(), eventId: z.string(), data: z.record(z.string(), z.unknown()) });
export const callWithTimelineSchema = callViewSchema.extend({ timeline: z.array(timelineEntrySchema) });
export type CallView = z.infer<typeof callViewSchema>;
export type CallWithTimeline = z.infer<typeof callWithTimelineSchema>;

/** Wider blocks are nobody’s own: a trunk would take in strangers, and keep the addresses from other tenants. */
const trunkAddress = z
  .union([z.ipv4(), z.ipv6(), z.cidrv4(), z.cidrv6()], { error: 'an IPv4 or IPv6 address, or a block such as 192.0.2.0/24' })
  .refine((address) => Number(address.split('/')[1] ?? 128) >= (address.includes(':') ? 32 : 16), { message: 'a block no wider than /16 (IPv4) or /32 (IPv6)' });

/** PUT /api/trunks/{name}: a carrier or gateway that calls may leave by, and whose calls come in by address. */
export const putTrunkSchema = z.strictObject({
  tenant: tenantCodeSchema,
  host: z.string().regex(/^[A-Za-z0-9.:-]{1,253}$/),
  port: z.int().min(1).max(65_535).default(5060),
  username: z.string().max(80).optional(),
  password: z.string().max(128).optional(),
  match: z.array(trunkAddress).max(50).default([]).describe('Addresses that its calls come from: IPv4 or IPv6, or blocks of up to /16 and /32. No other tenant’s trunk may have them.'),
  countries: z.array(z.string().regex(/^[A-Z]{2}$/)).max(250).default([]).describe('Countries that may be called through it.'),
  callerId: z.string().max(80).optional(),
});
