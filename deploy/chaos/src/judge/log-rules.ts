import { EVENTS } from '@troncal/contracts';
import type { BusEvent, Evidence, Finding } from './evidence.js';
import { field, unique } from './bus-log.js';
import { none } from './finding.js';

const AGGREGATES = new Map(EVENTS.map((event) => [event.type, event.aggregate]));

/** An id names one fact: whoever reads it again reads the same. */
export function noIdTwice({ bus }: Evidence): Finding {
  const seen = new Map<string, string>();
  const offenders: string[] = [];
  for (const { envelope } of bus) {
    const text = JSON.stringify(envelope);
    const before = seen.get(envelope.id);
    if (before !== undefined && before !== text) offenders.push(`${envelope.type} ${envelope.id}`);
    seen.set(envelope.id, text);
  }
  return none('no event id with two contents', offenders, `${bus.length} events`);
}

/** Each aggregate's events are numbered 1, 2, 3…, none is missing, and they stand in the log in that order. */
export function sequencesWhole({ bus, bounds }: Evidence): Finding {
  const chains = Map.groupBy(unique(bus), ({ envelope }) => `${envelope.source} ${envelope.tenantid}/${AGGREGATES.get(envelope.type) ?? '?'}/${envelope.subject}`);
  const offenders = [...chains].flatMap(([chain, events]) => {
    const numbers = inLogOrder(events).map(({ envelope }) => envelope.sequence);
    if (bounds.anyOrder === true) numbers.sort((a, b) => a - b);
    const wrong = numbers.findIndex((number, index) => number !== index + 1);
    return wrong < 0 ? [] : [`${chain}: ${numbers.slice(0, 12).join(' ')}${numbers.length > 12 ? ' …' : ''}`];
  });
  return none('sequences without gap, in order', offenders, `${chains.size} aggregates`);
}

/** Calls' timelines tell what the bus tells of them, no more and no less. */
export function timelineEqualsBus({ bus, projection, tenant }: Evidence): Finding {
  const told = Map.groupBy(
    unique(bus).filter(({ envelope, stream }) => envelope.tenantid === tenant && (stream === 'EVT_CALLS' || stream === 'EVT_VOICE') && field(envelope, 'callId') !== ''),
    ({ envelope }) => field(envelope, 'callId'),
  );
  const known = new Map(projection.map((call) => [call.callId, new Set(call.timeline.map((entry) => entry.eventId))]));
  const offenders = [...new Set([...told.keys(), ...known.keys()])].flatMap((call) => {
    const onBus = new Map((told.get(call) ?? []).map(({ envelope }) => [envelope.id, envelope.type]));
    const inTimeline = known.get(call);
    if (!inTimeline) return refusedOnly(onBus) ? [] : [`call ${call} is on the bus and not in the projection`];
    const missing = [...onBus].filter(([id]) => !inTimeline.has(id)).map(([, type]) => type);
    const extra = [...inTimeline].filter((id) => !onBus.has(id));
    return missing.length + extra.length === 0 ? [] : [`call ${call}: missing in the timeline ${missing.join(' ') || 'none'}, missing on the bus ${extra.join(' ') || 'none'}`];
  });
  return none('timeline equals bus', offenders, `${known.size} calls`);
}

/** A refused call is told of and never was a call. */
const refusedOnly = (events: ReadonlyMap<string, string>): boolean => [...events.values()].every((type) => type === 'CallRefused.v1');

function inLogOrder(events: readonly BusEvent[]): BusEvent[] {
  return events.toSorted((a, b) => a.streamSequence - b.streamSequence);
}

/** Nothing was given up: a dead letter is an event that took no effect. */
export function noDeadLetters({ deadLetters, bus, bounds }: Evidence): Finding[] {
  if (bounds.deadLetters === true) return [];
  return [none('no dead letters', Array.from({ length: deadLetters }, () => 'a dead letter'), `${bus.length} events`)];
}
