import { z } from 'zod';

/** What stands for an edge in calls on Twilio's rail. No Asterisk may have this name. */
export const TWILIO_EDGE = 'twilio';

export const edgeIdSchema = z
  .string()
  .regex(/^[a-z0-9-]{1,32}$/, 'an edge’s id is 1 to 32 of a-z, 0-9 and "-"')
  .refine((id) => id !== TWILIO_EDGE, `"${TWILIO_EDGE}" is not an Asterisk but Twilio’s rail: give the edge another name`);

const user = z.string().regex(/^[A-Za-z0-9_-]{1,40}$/, '1 to 40 of letters, digits, "_" and "-"');
/** Goes into Asterisk's configuration files, which quote nothing. */
const password = z.string().regex(/^[A-Za-z0-9_-]{16,128}$/, '16 to 128 of letters, digits, "_" and "-"');
const hostname = z.string().regex(/^[A-Za-z0-9.:-]{1,253}$/, 'a host name or address');

/** PUT /api/edges/{id}: an Asterisk that gateways may own. Passwords that aren't given are made, and told once. */
export const putEdgeSchema = z.strictObject({
  ari: z.strictObject({ url: z.url({ protocol: /^http$/ }).describe('Where the gateways reach ARI, e.g. http://10.0.0.5:8088'), user: user.default('ari-gateway'), password: password.optional() }),
  ami: z.strictObject({ host: hostname.optional().describe('The host of ARI when absent.'), port: z.int().min(1).max(65_535).default(5038), user: user.default('ari-gateway'), password: password.optional() }).prefault({}),
  media: z.enum(['websocket', 'audiosocket']).default('websocket').describe('How its calls reach realtime-voice.'),
  audiosocketAddress: z.string().regex(/^[A-Za-z0-9.:-]{1,253}:\d{1,5}$/, 'host:port').optional().describe('Where its Asterisk reaches the AudioSocket port of realtime-voice.'),
  recordingsDir: z.string().startsWith('/').max(500).optional().describe('The folder of its recordings as the gateways see it; that of the gateway’s settings when absent.'),
});
export type PutEdge = z.output<typeof putEdgeSchema>;

export const edgeStateSchema = z.object({
  edgeId: z.string(),
  state: z.enum(['declared', 'connected', 'lost']),
  reason: z.string().nullable(),
  version: z.string().nullable().describe('Of its Asterisk.'),
  changedAt: z.iso.datetime(),
  epoch: z.int().describe('Grows with each change of owner.'),
  holder: z.string().nullable().describe('The replica of ari-gateway that owned it last.'),
  url: z.string().nullable(),
  liveCalls: z.int(),
});
export const edgeListSchema = z.object({ edges: z.array(edgeStateSchema) });
export type EdgeState = z.output<typeof edgeStateSchema>;

/** What an edge is started with (deploy/docker): variables, and secrets as files by name. */
export const edgeSettingsSchema = z.object({
  environment: z.record(z.string(), z.string()),
  secrets: z.record(z.string(), z.string()).describe('Told when a password was made or changed, and never again: empty then.'),
  missing: z.array(z.object({ name: z.string(), what: z.string() })).default([]).describe('What the edge needs and nobody told the gateway.'),
});
export type EdgeSettings = z.output<typeof edgeSettingsSchema>;

export const edgeViewSchema = z.object({
  edgeId: z.string(),
  ari: z.object({ url: z.string(), user: z.string() }),
  ami: z.object({ host: z.string(), port: z.int(), user: z.string() }),
  media: z.enum(['websocket', 'audiosocket']),
  audiosocketAddress: z.string().nullable(),
  recordingsDir: z.string().nullable(),
  revision: z.int(),
  settings: edgeSettingsSchema.optional().describe('Answered to PUT and to rotate.'),
});
export type EdgeView = z.output<typeof edgeViewSchema>;
