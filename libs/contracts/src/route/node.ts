import { z } from 'zod';
import { nodeIdSchema } from './node-id.js';
import { languageSchema, localeSchema, promptSchema } from './prompt.js';
import { scheduleNodeSchema } from './schedule.js';

export const extensionSchema = z.string().regex(/^[0-9*#]{1,16}$/, 'an extension is 1 to 16 digits, * or #');
export const digitSchema = z.string().regex(/^[0-9*#]$/, 'one of 0-9, * and #');
export const queueNameSchema = z.string().regex(/^[a-z0-9][a-z0-9_-]{0,31}$/);
export const mailboxSchema = z.string().regex(/^[a-z0-9][a-z0-9_-]{0,31}$/, 'a mailbox is a lower-case word or an extension');
export const agentCodeSchema = z.string().regex(/^[a-z0-9][a-z0-9_-]{0,31}$/);

const announce = z.object({ kind: z.literal('announce'), prompt: promptSchema, next: nodeIdSchema });

const menu = z.object({
  kind: z.literal('menu'),
  prompt: promptSchema,
  digits: z.record(digitSchema, nodeIdSchema).refine((d) => Object.keys(d).length > 0, 'a menu needs at least one digit'),
  timeoutMs: z.int().min(500).max(60_000).default(5_000).describe('How long to wait for a digit after the prompt has ended.'),
  attempts: z.int().min(1).max(10).default(3).describe('How often the prompt is said before onTimeout or onInvalid.'),
  invalidPrompt: promptSchema.optional(),
  onTimeout: nodeIdSchema,
  onInvalid: nodeIdSchema.optional().describe('Where a wrong digit leads after the last attempt; onTimeout if left out.'),
});

const ring = z.object({
  kind: z.literal('ring'),
  extensions: z.array(extensionSchema).min(1).max(20),
  strategy: z.enum(['all', 'in_order']).default('all'),
  timeoutMs: z.int().min(1_000).max(300_000).default(25_000).describe('Per try.'),
  onNoAnswer: nodeIdSchema.describe('Nobody answered, all busy, or nobody registered.'),
});

const handedOver = z
  .literal('asterisk')
  .optional()
  .describe('A call on Twilio’s rail goes on at our Asterisk from here on, as a whole. Where that does not take it, Twilio’s rail does this step itself. A call that is at our Asterisk already stays there.');

const queue = z.object({
  kind: z.literal('queue'),
  queue: queueNameSchema,
  prompt: promptSchema.optional().describe('Said before the music begins.'),
  timeoutMs: z.int().min(1_000).max(3_600_000).default(300_000),
  onTimeout: nodeIdSchema,
  onNoMembers: nodeIdSchema.optional().describe('Nobody is logged in; onTimeout if left out.'),
  rail: handedOver,
});

const agent = z.object({
  kind: z.literal('agent'),
  agent: agentCodeSchema.describe('Agent profile of the tenant, or of the platform.'),
  digits: z.record(digitSchema, nodeIdSchema).default({}).describe('Digits the gateway acts on alone, so that they work with the AI dead; 0 usually leads to a queue.'),
  onHandoff: nodeIdSchema.describe('Where the agent’s own wish for a person leads.'),
  onFailed: nodeIdSchema.describe('Where the call goes when no engine can be had at all.'),
  rail: handedOver,
});

const hangup = z.object({
  kind: z.literal('hangup'),
  prompt: promptSchema.optional(),
  cause: z.enum(['normal', 'busy', 'congestion', 'rejected']).default('normal'),
});

const language = z.object({
  kind: z.literal('language'),
  language: languageSchema.describe('Spoken from here on.'),
  locale: localeSchema.optional().describe('How it is spoken; as the tenant’s country speaks it if left out.'),
  next: nodeIdSchema,
});

const voicemail = z.object({
  kind: z.literal('voicemail'),
  prompt: promptSchema.optional().describe('Said before the beep.'),
  maxSeconds: z.int().min(2).max(600).default(120),
  silenceSeconds: z.int().min(1).max(60).default(5).describe('So much silence ends it.'),
  finishOnKey: z.union([digitSchema, z.literal('none')]).default('#').describe('The digit that ends it.'),
  mailbox: mailboxSchema.default('main').describe('Whom it is for: said with the recording.'),
  next: nodeIdSchema,
  onNothing: nodeIdSchema.optional().describe('Nothing was said; next if left out.'),
});

const back = z.object({ kind: z.literal('back') }).describe('To the last menu that was heard before the node that leads here; without one to the menu heard last, or to the start.');

/** One step of a route. */
export const routeNodeSchema = z.discriminatedUnion('kind', [announce, menu, ring, queue, agent, hangup, scheduleNodeSchema, language, voicemail, back]);
export type RouteNode = z.infer<typeof routeNodeSchema>;
export type RouteNodeOf<K extends RouteNode['kind']> = Extract<RouteNode, { kind: K }>;
