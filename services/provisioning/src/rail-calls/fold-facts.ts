import { estimateLegMos } from '@troncal/audio';
import { legIdOf } from '../voice/call-id.js';
import type { RailFact, RailFactOf } from './call-facts.js';
import { CallSoFar, stepOf, type NotedFact } from './call-so-far.js';
import { endOfCall } from './end-of-call.js';
import type { RailEvent, RailEventBody } from './rail-event.js';

/** How long what needs a fact that is missing waits for it, ms. Twilio's callbacks overtake each other by fractions of a second. */
const PATIENCE_MS = 2_000;
/** How long nothing must have been heard of a call that lacks nothing before its end is stated, ms: for whatever may still be on its way. */
const ENDING_MS = 1_000;
/** The same for a call of which something is known to be missing. */
const LACKING_MS = 4_000;

/** 16-bit samples, 8,000 a second: the WAV that Twilio makes. */
const WAV_BYTES_A_SECOND = 16_000;

interface Planned {
  readonly event: RailEvent;
  /** Not to be stated before, ms by the database's clock, for something that belongs before it may still come. 0: at once. */
  readonly notBefore: number;
  /** Where it stands among the others, ms: never before what it follows from. */
  readonly place: number;
}

/** What a call's facts lead to, at one time. */
export interface Folded {
  /** To be stated now, in this order. */
  readonly due: readonly RailEvent[];
  /** When to look again, ms by the database's clock; undefined when only a new fact can change anything. */
  readonly wakeAt: number | undefined;
  /** Keys of what became known too late to be stated: the call's end had been. */
  readonly late: readonly string[];
}

/** What may be stated after CallEnded. */
const AFTER_THE_END: ReadonlySet<RailEvent['name']> = new Set(['RecordingReady', 'CallQualityMeasured']);

const NOTHING: Folded = { due: [], wakeAt: undefined, late: [] };

/**
 * Makes the events of a call out of what is known of it. Whatever order and however often facts come in, over however many folds: the same events,
 * each once, CallStarted first and CallEnded exactly once, after all else but RecordingReady and CallQualityMeasured; as long as they come within the patience of each other.
 * @param stated keys of the events that were stated before, and of those that came too late
 * @param now ms, by the clock that {@link NotedFact.notedAt} was taken from
 */
export function foldFacts(facts: readonly NotedFact[], stated: ReadonlySet<string>, now: number): Folded {
  const call = new CallSoFar(facts);
  const opening = openingOf(call);
  if (!opening) return NOTHING;
  if (opening.event.name === 'CallRefused') return once([opening], stated, now);
  const opened = stated.has('started');
  if (!opened && stated.has('refused')) return { ...NOTHING, late: ['started'] };
  if (!opened && opening.notBefore > now) return { ...NOTHING, wakeAt: opening.notBefore };
  const middle = middleOf(call, opening.event.data).filter(({ event }) => !stated.has(event.key));
  if (stated.has('ended')) {
    const { ready = [], late = [] } = Object.groupBy(middle, ({ event }) => (AFTER_THE_END.has(event.name) ? 'ready' : 'late'));
    return { due: ready.map(({ event }) => event), wakeAt: undefined, late: late.map(({ event }) => event.key) };
  }
  const before = opened ? [] : [opening.event];
  const terminal = call.terminal;
  const endsAt = terminal && call.heardAt + (lacks(call) ? LACKING_MS : ENDING_MS);
  if (terminal && endsAt !== undefined && endsAt <= now) {
    const rest = [...middle, ...leftByEnding(call, terminal.at, stated)].toSorted((one, two) => one.place - two.place);
    return { due: [...before, ...rest.map(({ event }) => event), endingOf(call, opening.event, terminal)], wakeAt: undefined, late: [] };
  }
  const folded = once(middle, stated, now);
  const wakes = [folded.wakeAt, endsAt].filter((each) => each !== undefined);
  return { due: [...before, ...folded.due], wakeAt: wakes.length > 0 ? Math.min(...wakes) : undefined, late: [] };
}

function once(planned: readonly Planned[], stated: ReadonlySet<string>, now: number): Folded {
  const open = planned.filter(({ event }) => !stated.has(event.key)).toSorted((one, two) => one.place - two.place);
  const held = open.filter(({ notBefore }) => notBefore > now);
  return { due: open.filter(({ notBefore }) => notBefore <= now).map(({ event }) => event), wakeAt: held.length > 0 ? Math.min(...held.map(({ notBefore }) => notBefore)) : undefined, late: [] };
}

type Opening = Planned & { readonly event: Extract<RailEvent, { readonly name: 'CallStarted' | 'CallRefused' }> };
type Parties = Extract<RailEvent, { readonly name: 'CallStarted' }>['data'];

/** CallStarted, or CallRefused for a call that never became one. What only callbacks tell of began too, with what they know. */
function openingOf(call: CallSoFar): Opening | undefined {
  const started = call.first('started');
  const refused = call.first('refused');
  if (started) {
    const { callSid, from, to, direction, route } = started.fact;
    return { event: { key: 'started', at: started.at, name: 'CallStarted', data: startedData(callSid, { from, to, direction, ...(route && { route }) }) }, notBefore: 0, place: started.at };
  }
  if (refused) return { event: { key: 'refused', at: refused.at, name: 'CallRefused', data: refusal(refused.fact) }, notBefore: refused.notedAt + PATIENCE_MS / 4, place: refused.at };
  const { beginning } = call;
  const [any] = call.all('status', 'answered', 'digit', 'ringing', 'person-connected', 'leg-status', 'queued', 'queue-left', 'agent', 'recording-started', 'recording-ready', 'transferred', 'hangup');
  if (!beginning || !any) return undefined;
  const told = call.all('status').find(({ fact }) => fact.from !== undefined)?.fact;
  const from = told?.from ?? '';
  const parties = { from, to: told?.to ?? '', direction: from.startsWith('sip:') ? ('outbound' as const) : ('inbound' as const) };
  return { event: { key: 'started', at: beginning.at, name: 'CallStarted', data: startedData(any.fact.callSid, parties) }, notBefore: beginning.notedAt + PATIENCE_MS, place: beginning.at };
}

function startedData(callSid: string, parties: Pick<Parties, 'from' | 'to' | 'direction' | 'route'>): Parties {
  return { legId: legIdOf(callSid), ...parties, edgeId: 'twilio', rail: 'twilio' };
}

function refusal({ from, to, direction, reason, detail, denial, cause = 21 }: RailFactOf<'refused'>): Extract<RailEvent, { readonly name: 'CallRefused' }>['data'] {
  return { from, to, direction, reason, cause, detail, ...(denial !== undefined && { denial }) };
}

/** Everything between the beginning and the end, whether it was stated or not. */
function middleOf(call: CallSoFar, parties: Parties | Extract<RailEvent, { readonly name: 'CallRefused' }>['data']): Planned[] {
  const planned: Planned[] = [];
  const plan = (key: string, at: number, body: RailEventBody, { notBefore = 0, place = at }: { readonly notBefore?: number; readonly place?: number } = {}): void =>
    void planned.push({ event: { key, at, ...body }, notBefore, place });

  const answer = answerOf(call, parties);
  if (answer) plan('answered', answer.at, { name: 'CallAnswered', data: answer.data }, { notBefore: answer.notBefore });
  const refused = call.first('refused');
  if (refused) plan('refused', refused.at, { name: 'CallRefused', data: refusal(refused.fact) });

  for (const { fact, at } of call.all('digit')) plan(fact.key, at, { name: 'DtmfReceived', data: { legId: legIdOf(fact.callSid), digit: fact.digit, masked: fact.masked } });

  const rung = new Map(call.all('ringing').map((each) => [each.fact.legSid, each]));
  for (const { fact, at } of rung.values()) plan(`ringing:${fact.legSid}`, at, { name: 'CallRinging', data: { legId: legIdOf(fact.legSid), target: fact.target } });
  for (const { fact, at, notedAt } of call.all('person-connected')) {
    const { legSid, extension, queue, waitedMs } = fact;
    const ringing = rung.get(legSid);
    const notBefore = ringing ? 0 : notedAt + PATIENCE_MS;
    // Whoever answered had rung, whatever became of the word of it.
    if (!ringing) plan(`ringing:${legSid}`, at, { name: 'CallRinging', data: { legId: legIdOf(legSid), target: extension } }, { notBefore });
    const data = { legId: legIdOf(legSid), extension, waitedMs, ...(queue !== undefined && { queue }) };
    plan(`person:${legSid}`, at, { name: 'AgentConnected', data }, { notBefore, place: Math.max(at, ringing?.at ?? at) });
  }

  const queued = new Map(call.all('queued').map((each) => [stepOf(each.fact.key), each]));
  for (const { fact, at } of queued.values()) {
    plan(fact.key, at, { name: 'CallQueued', data: { queue: fact.queue, reason: fact.reason, ...(fact.summary !== undefined && { summary: fact.summary }) } });
  }
  for (const { fact, at, notedAt } of call.all('queue-left')) {
    const before = queued.get(stepOf(fact.key));
    const data = { queue: fact.queue, outcome: fact.outcome, waitedMs: fact.waitedMs, from: parties.from };
    plan(`queue-left:${stepOf(fact.key)}`, at, { name: 'QueueLeft', data }, { notBefore: before ? 0 : notedAt + PATIENCE_MS, place: Math.max(at, before?.at ?? at) });
  }

  for (const { fact, at } of call.all('transferred')) {
    const { to: kind, target, requestedBy, mode, reason } = fact;
    plan(fact.key, at, { name: 'CallTransferred', data: { kind, target, requestedBy, ...(mode && { mode }), ...(reason !== undefined && { reason }) } });
  }

  const recorded = new Map(call.all('recording-started').map((each) => [each.fact.recordingSid, each]));
  for (const { fact, at } of recorded.values()) {
    plan(`recording:${fact.recordingSid}`, at, { name: 'RecordingStarted', data: { recordingId: fact.recordingSid, announced: fact.announced, ...(fact.channels && { channels: fact.channels }) } });
  }
  for (const { fact, at, notedAt } of call.all('recording-ready')) {
    const before = recorded.get(fact.recordingSid);
    const { recordingSid: recordingId, durationS, channels, url: location } = fact;
    const bytes = fact.bytes ?? durationS * WAV_BYTES_A_SECOND * (channels === 'stereo' ? 2 : 1);
    const data = { recordingId, durationMs: durationS * 1_000, bytes, format: 'wav' as const, channels, location };
    plan(`recording-ready:${recordingId}`, at, { name: 'RecordingReady', data }, { notBefore: before ? 0 : notedAt + PATIENCE_MS, place: Math.max(at, before?.at ?? at) });
  }
  for (const { fact, at } of call.all('quality')) plan(fact.key, at, { name: 'CallQualityMeasured', data: qualityOf(fact) });
  return planned;
}

/** Twilio gives no score of legs by SIP or the telephone network: it is estimated here, by the worse direction. */
function qualityOf({ sid, received, sent, tags }: RailFactOf<'quality'>): Extract<RailEvent, { readonly name: 'CallQualityMeasured' }>['data'] {
  return { legId: legIdOf(sid), measuredBy: 'twilio_voice_insights', ...(received && { received }), ...(sent && { sent }), mos: estimateLegMos([received, sent]), ...(tags.length > 0 && { tags }) };
}

interface Answer {
  readonly at: number;
  readonly notBefore: number;
  readonly data: Extract<RailEvent, { readonly name: 'CallAnswered' }>['data'];
}

/** Who or what took the call: as it was noted, or as Twilio's statuses have it. */
function answerOf(call: CallSoFar, parties: Pick<Parties, 'to' | 'direction' | 'route'>): Answer | undefined {
  const answered = call.first('answered');
  if (answered) return { at: answered.at, notBefore: 0, data: { legId: legIdOf(answered.fact.callSid), by: answered.fact.by, answeredBy: answered.fact.answeredBy } };
  const person = call.first('person-connected');
  const up = call.all('status').find(({ fact }) => fact.status === 'in-progress' || (fact.status === 'completed' && (fact.durationS ?? 0) > 0 && call.legs.length === 0));
  const leg = call.all('leg-status').find(({ fact }) => fact.status === 'in-progress' || (fact.status === 'completed' && (fact.durationS ?? 0) > 0));
  const told = person ?? leg ?? up;
  if (!told) return undefined;
  const by = parties.direction !== 'inbound' ? ('far_end' as const) : person && parties.route === undefined ? ('endpoint' as const) : ('route' as const);
  const answeredBy = by === 'endpoint' && person ? person.fact.extension : by === 'route' ? (parties.route?.code ?? parties.to) : parties.to;
  // A call that is told of by its last status only has been up for as long as that says.
  const at = told.fact.kind === 'status' && told.fact.status === 'completed' ? told.at - (told.fact.durationS ?? 0) * 1_000 : told.at;
  return { at, notBefore: told.notedAt + PATIENCE_MS, data: { legId: legIdOf(told.fact.callSid), by, answeredBy } };
}

/** True while something that must have happened is not known yet. */
function lacks(call: CallSoFar): boolean {
  return !call.first('started') || call.legs.some((leg) => leg.end === undefined) || call.openQueues.length > 0;
}

/** Whoever waited in a queue when the call ended has left it. */
function leftByEnding(call: CallSoFar, endedAt: number, stated: ReadonlySet<string>): Planned[] {
  const from = call.first('started')?.fact.from ?? '';
  return call.openQueues.flatMap(({ fact, at }): Planned[] => {
    const key = `queue-left:${stepOf(fact.key)}`;
    const leftAt = Math.max(at, endedAt);
    const event: RailEvent = { key, at: leftAt, name: 'QueueLeft', data: { queue: fact.queue, outcome: 'abandoned', waitedMs: leftAt - at, from } };
    return stated.has(key) ? [] : [{ event, notBefore: 0, place: leftAt }];
  });
}

function endingOf(call: CallSoFar, opening: Opening['event'], { fact, at }: { readonly fact: RailFactOf<'status'>; readonly at: number }): RailEvent {
  const { from, to, direction } = opening.data;
  const answer = answerOf(call, opening.data);
  const data = {
    from, to, direction, ...endOfCall(call, fact, answer !== undefined, direction),
    durationMs: Math.max(0, at - opening.at), answeredMs: answer ? Math.max(0, at - answer.at) : 0, ...(fact.recovered && { recovered: true }),
  };
  return { key: 'ended', at, name: 'CallEnded', data };
}

/** Environment and tenant of a call: those of the first of its facts. */
export function whoseCall(facts: readonly NotedFact[]): Pick<RailFact, 'environment' | 'tenant'> | undefined {
  const known = facts.map(({ fact }) => fact);
  return known.find(({ kind }) => kind === 'started' || kind === 'refused') ?? known[0];
}
