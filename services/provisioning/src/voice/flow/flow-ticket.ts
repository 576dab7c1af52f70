import { activityOf, MAX_MENUS, MAX_TYPED_AHEAD, type FlowPhase, type FlowState } from '@troncal/callflow';
import { languageSchema, localeSchema } from '@troncal/contracts';
import { z } from 'zod';

/** What the next webhook of a flow reports on. */
const waitingSchema = z.discriminatedUnion('for', [
  /** A prompt during which a digit may be pressed. */
  z.strictObject({ for: z.literal('say') }),
  /** A menu's prompt and then its digit. */
  z.strictObject({ for: z.literal('menu') }),
  z.strictObject({ for: z.literal('digit') }),
  /** A prompt that can't be cut short: the document before was full. */
  z.strictObject({ for: z.literal('said') }),
  /** The phones of the group `group` ring. */
  z.strictObject({ for: z.literal('ring'), group: z.int().min(0).max(1_000) }),
  /** As `ring`, with those of a queue, in the round `round` over them. Seconds since the epoch. */
  z.strictObject({ for: z.literal('queue'), group: z.int().min(0).max(1_000), round: z.int().min(0).max(10_000), since: z.int(), until: z.int() }),
  /** Music before that round of a queue. */
  z.strictObject({ for: z.literal('hold'), round: z.int().min(0).max(10_000), since: z.int(), until: z.int() }),
  z.strictObject({ for: z.literal('agent'), leg: z.uuid(), agent: z.string().max(64), tries: z.int().min(0).max(100) }),
  z.strictObject({ for: z.literal('voicemail') }),
  /** Our Asterisk has the call, from the node where it stands. */
  z.strictObject({ for: z.literal('handover') }),
]);
export type Waiting = z.output<typeof waitingSchema>;

/** What the interpreter keeps. What it will add later rides along unread. */
const stateSchema: z.ZodType<FlowState> = z.looseObject({
  node: z.string().max(64),
  phase: z.custom<FlowPhase>((phase) => typeof phase === 'string' && Object.hasOwn(activityOf, phase)),
  step: z.int().min(0).max(100_000),
  attempt: z.int().min(0).max(1_000),
  hops: z.int().min(0).max(1_000),
  answered: z.boolean(),
  recording: z.boolean(),
  reason: z.enum(['route', 'digit', 'agent_request', 'agent_failed', 'transfer']),
  typedAhead: z.string().max(MAX_TYPED_AHEAD).exactOptional(),
  language: languageSchema.exactOptional(),
  locale: localeSchema.exactOptional(),
  menus: z.array(z.string().max(64)).max(MAX_MENUS).exactOptional(),
  cause: z.enum(['normal', 'busy', 'congestion', 'rejected', 'loop', 'broken']).exactOptional(),
});

const ticketSchema = z.strictObject({
  environment: z.string().max(64),
  /** Whose route it is. */
  tenant: z.string().max(64),
  route: z.string().max(64),
  revision: z.int().nonnegative(),
  state: stateSchema,
  waiting: waitingSchema,
  /** Both sides are recorded while people talk; told to the caller first or not. */
  record: z.enum(['announced', 'silently']).optional(),
  /** What the called phones are shown, where it isn't the From of the call: it was made by a phone. */
  callerId: z.string().max(80).optional(),
  /** The parent call, where it is another leg of it that is left: its caller has sent that one here and gone. */
  call: z.string().regex(/^CA[0-9a-f]{32}$/).optional(),
  /** The call is another tenant's, whose phone has dialled a number of this one: the facts are that one's, and name the number, not who is behind it. */
  guest: z.strictObject({ tenant: z.string().max(64), dialled: z.string().max(80) }).optional(),
});
/** Where a call's flow stands between two webhooks. */
export type FlowTicket = z.output<typeof ticketSchema>;

/** Of the form: a ticket of another one is nobody's. */
const VERSION = '1';
/** Characters. URLs of some 4,000 are known to go through; the rest is for the address itself. */
export const LONGEST_TICKET = 2_000;

/** Names that stand in every ticket, shortened. Part of the form: a change needs another version. */
const SHORT = {
  environment: 'e', tenant: 't', route: 'r', revision: 'v', state: 'f', waiting: 'w', record: 'd', callerId: 'c', call: 'C', guest: 'g',
  node: 'n', phase: 'p', step: 'i', attempt: 'a', hops: 'h', answered: 'A', recording: 'R', reason: 'q', typedAhead: 'y',
} as const;
const LONG: ReadonlyMap<string, string> = new Map(Object.entries(SHORT).map(([long, short]) => [short, long]));

/**
 * A ticket as it rides in a URL's query: Twilio signs the URL with everything else, so it comes back as it was given or not at all.
 * @throws RangeError for one that is too long
 */
export function writeTicket(ticket: FlowTicket): string {
  const text = `${VERSION}${Buffer.from(JSON.stringify(renamed(ticket, (name) => (SHORT as Readonly<Record<string, string>>)[name] ?? `_${name}`))).toString('base64url')}`;
  if (text.length > LONGEST_TICKET) throw new RangeError(`The flow's ticket has ${text.length} characters; ${LONGEST_TICKET} can be carried.`);
  return text;
}

/** @returns undefined for whatever is no ticket of this version */
export function readTicket(text: string): FlowTicket | undefined {
  if (text.length > LONGEST_TICKET || !text.startsWith(VERSION)) return undefined;
  try {
    const value: unknown = JSON.parse(Buffer.from(text.slice(VERSION.length), 'base64url').toString('utf8'));
    return ticketSchema.safeParse(renamed(value, (name) => LONG.get(name) ?? name.replace(/^_/, ''))).data;
  } catch {
    return undefined;
  }
}

/** With other names in the ticket itself and in what lies directly in it; what lies deeper keeps its own. */
function renamed(value: unknown, name: (name: string) => string, depth = 0): unknown {
  if (typeof value !== 'object' || value === null || Array.isArray(value) || depth > 1) return value;
  return Object.fromEntries(Object.entries(value).map(([key, inner]) => [name(key), renamed(inner, name, depth + 1)]));
}
