import { z } from 'zod';

/** Twilio's id of a call or a leg of one: 34 characters that begin with CA. */
export const callSidSchema = z.string().regex(/^CA[0-9a-f]{32}$/);

const about = {
  /** The parent call: the caller's own leg, whichever leg the fact is about. */
  callSid: callSidSchema,
  /**
   * Unique within its call, and the same each time the same thing is noted again: a webhook that Twilio repeats, or that two replicas saw, is one
   * fact. The suggested forms stand at each kind; `<step>` is what names the step of the flow in the webhook's URL.
   */
  key: z.string().min(1).max(200),
  /** When it happened: Twilio's own timestamp where it gives one, else when we were told. */
  at: z.iso.datetime({ offset: true }),
  environment: z.string().min(1).max(32),
  /** Tenant code, or `_` when the number is nobody's. */
  tenant: z.string().min(1).max(32),
};

const q850 = z.int().min(0).max(127);
const sipCode = z.int().min(100).max(699);
const party = z.string().max(80);
const waitedMs = z.int().nonnegative();
/** What is told of RTP in one direction: as in CallQualityMeasured. */
const stream = z.object({ packets: z.int().nonnegative(), lost: z.int().nonnegative(), jitterMs: z.number().nonnegative(), maxJitterMs: z.number().nonnegative().optional() });
/** As Twilio says it, of a call and of a leg: https://www.twilio.com/docs/voice/api/call-resource#call-status-values */
const twilioStatus = z.enum(['queued', 'initiated', 'ringing', 'in-progress', 'completed', 'busy', 'failed', 'no-answer', 'canceled']);

const facts = {
  /** The first webhook of a call that we serve. Key `started`. */
  started: z.object({
    ...about,
    kind: z.literal('started'),
    from: party,
    to: party,
    /** As the tenant sees it, not as Twilio does: a call from a phone is outbound, or internal between two phones. */
    direction: z.enum(['inbound', 'outbound', 'internal']),
    /** The route in force, pinned for the whole call. */
    route: z.object({ code: z.string(), revision: z.int().nonnegative() }).optional(),
  }),
  /** A call that is not served: said instead of `started`. Key `refused`. */
  refused: z.object({
    ...about,
    kind: z.literal('refused'),
    from: party,
    to: party,
    direction: z.enum(['inbound', 'outbound', 'internal']),
    reason: z.enum(['unknown_number', 'tenant_suspended', 'not_allowed', 'no_such_endpoint', 'edge_unreachable', 'invalid_number', 'overload']),
    /** For people: what is wrong and what to do. */
    detail: z.string().max(500),
    /** The dial guard's own code, when it was the one who said no. */
    denial: z.string().max(80).optional(),
    cause: q850.optional(),
  }),
  /** Somebody or something has taken the call. Key `answered`. */
  answered: z.object({ ...about, kind: z.literal('answered'), by: z.enum(['route', 'endpoint', 'far_end']), answeredBy: z.string().max(80).describe('Route code, extension or number.') }),
  /** One digit pressed; a Gather of several digits is several facts. Key `digit:<step>:<index>`. */
  digit: z.object({ ...about, kind: z.literal('digit'), digit: z.string().regex(/^([0-9*#A-D]|•)$/u), masked: z.boolean() }),
  /** A phone rings for this call. Key `ringing:<legSid>`. */
  ringing: z.object({ ...about, kind: z.literal('ringing'), legSid: callSidSchema, target: party }),
  /** A person of the tenant has answered and both hear each other. Key `person:<legSid>`. */
  'person-connected': z.object({ ...about, kind: z.literal('person-connected'), legSid: callSidSchema, extension: z.string().max(40), queue: z.string().max(80).optional(), waitedMs }),
  /**
   * How a leg that we dialled is doing: its status callback, and what the Dial's action says of it. Key `leg:<legSid>:<status>`, or
   * `dial:<legSid>` for the action's. Several of one leg may disagree in detail; the most telling wins.
   */
  'leg-status': z.object({
    ...about,
    kind: z.literal('leg-status'),
    legSid: callSidSchema,
    status: twilioStatus,
    sipCode: sipCode.optional(),
    durationS: z.int().nonnegative().optional(),
    /** The extension or number that it was to reach: the only word of it for a leg that never rang. */
    target: party.optional(),
    /** CallStatus of the action's request: `in-progress` when the leg ended, but the caller is still there. */
    callStatus: twilioStatus.optional(),
  }),
  /** The caller waits for a person. Key `queued:<step>`. */
  queued: z.object({
    ...about,
    kind: z.literal('queued'),
    queue: z.string().max(80),
    reason: z.enum(['route', 'digit', 'agent_request', 'agent_failed', 'transfer']),
    summary: z.string().max(4_000).optional(),
    /** Whose queue it is, where the call is another tenant's. */
    queueOf: z.string().min(1).max(32).optional(),
  }),
  /** The caller has left the queue. Key `queue-left:<step>`, with the step of its `queued`. */
  'queue-left': z.object({ ...about, kind: z.literal('queue-left'), queue: z.string().max(80), outcome: z.enum(['connected', 'abandoned', 'timeout', 'no_members']), waitedMs }),
  /** An AI agent's leg; no event of `calls`, as realtime-voice tells of conversations itself. Key `agent:<leg>:<phase>`. */
  agent: z.object({
    ...about,
    kind: z.literal('agent'),
    leg: z.uuid(),
    agent: z.string().max(80),
    phase: z.enum(['attached', 'ended']),
    outcome: z.enum(['completed', 'digit', 'handoff', 'failed', 'caller_gone']).optional(),
  }),
  /** Recorded from now on. Key `recording:<recordingSid>`. */
  'recording-started': z.object({ ...about, kind: z.literal('recording-started'), recordingSid: z.string().max(64), announced: z.boolean(), channels: z.enum(['mono', 'stereo']).optional() }),
  /** Twilio has the recording ready to be fetched. Key `recording-ready:<recordingSid>`. */
  'recording-ready': z.object({
    ...about,
    kind: z.literal('recording-ready'),
    recordingSid: z.string().max(64),
    durationS: z.int().nonnegative(),
    url: z.string().max(500),
    channels: z.enum(['mono', 'stereo']),
    bytes: z.int().nonnegative().optional(),
  }),
  /** The caller was sent on to somebody else. Key `transferred:<step>`. */
  transferred: z.object({
    ...about,
    kind: z.literal('transferred'),
    to: z.enum(['endpoint', 'queue', 'agent', 'route', 'number']),
    target: z.string().max(80),
    requestedBy: z.enum(['caller', 'agent', 'api']),
    mode: z.enum(['cold', 'warm']).optional(),
    reason: z.string().max(500).optional(),
  }),
  /** Our own TwiML told Twilio to end the call, or refused to go on. Key `hangup`. */
  hangup: z.object({ ...about, kind: z.literal('hangup'), by: z.enum(['route', 'agent', 'api', 'system']), cause: q850.optional() }),
  /** The call's own status callback. Key `status:<status>`. */
  status: z.object({
    ...about,
    kind: z.literal('status'),
    status: twilioStatus,
    sequenceNumber: z.int().nonnegative().optional(),
    /** CallDuration, whole seconds from the answer; Twilio gives it with the last status only. */
    durationS: z.int().nonnegative().optional(),
    sipCode: sipCode.optional(),
    /** From and To of the callback, for a call whose `started` was lost with the process that noted it. */
    from: party.optional(),
    to: party.optional(),
    /** Not told by Twilio as it happened, but found by asking. */
    recovered: z.boolean().optional(),
  }),
  /** How the audio of the call or one leg of it travelled, by Twilio’s media gateway; known a while after its end. Key `quality:<sid>`. */
  quality: z.object({ ...about, kind: z.literal('quality'), sid: callSidSchema, received: stream.optional(), sent: stream.optional(), tags: z.array(z.string().max(40)).max(20) }),
  /** What Twilio charges for the call or one leg of it; known a while after its end. Key `cost:<sid>`. */
  cost: z.object({ ...about, kind: z.literal('cost'), sid: callSidSchema, priceMicros: z.int().nonnegative(), currency: z.string().regex(/^[A-Z]{3}$/) }),
};

/** One thing that happened on Twilio's rail, as it is noted, journalled and stored. Validate with it only what comes from outside the process. */
export const railFactSchema = z.discriminatedUnion('kind', [
  facts.started, facts.refused, facts.answered, facts.digit, facts.ringing, facts['person-connected'], facts['leg-status'], facts.queued, facts['queue-left'], facts.agent,
  facts['recording-started'], facts['recording-ready'], facts.transferred, facts.hangup, facts.status, facts.quality, facts.cost,
]);
export type RailFact = z.infer<typeof railFactSchema>;
export type RailFactKind = RailFact['kind'];
export type RailFactOf<K extends RailFactKind> = Extract<RailFact, { readonly kind: K }>;

/**
 * Takes what webhooks learn of calls on Twilio's rail, and makes `calls.*` events of it: in whatever order and however often facts come,
 * each event once, CallStarted first and CallEnded exactly once.
 */
export abstract class CallFacts {
  /**
   * Keeps the fact. Returns at once, never throws and never waits: it is written behind the answer, into PostgreSQL or, while that is away, into a
   * local journal. A process killed in the milliseconds between loses it; Twilio's other callbacks and the reconciler then still end the call.
   * A fact that breaks {@link railFactSchema} is logged and dropped.
   */
  abstract note(fact: RailFact): void;
}
