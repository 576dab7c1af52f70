import type { CallWithTimeline, Envelope, Language } from '@troncal/contracts';
import { maskNumber } from '@troncal/kernel';
import { dateAndTime, duration, timeOfDay } from '../output/durations.js';
import { printable } from '../output/printable.js';
import type { Style } from '../output/style.js';
import { facts } from '../output/table.js';
import { tell } from '../sentences/tell.js';
import { transcriptOf } from './transcript.js';

type Entry = CallWithTimeline['timeline'][number];

/** A timeline entry as the event it came from; what the sentence does not need is filled in from the call. */
export const envelopeOf = (call: CallWithTimeline, entry: Entry, index: number): Envelope => ({
  specversion: '1.0',
  id: entry.eventId,
  type: entry.type,
  source: entry.source,
  time: entry.time,
  subject: call.callId,
  sequence: index + 1,
  tenantid: call.tenant,
  correlationid: call.callId,
  datacontenttype: 'application/json',
  data: entry.data,
});

// Every line is about this call: its id would only stand in the way.
export const withoutId = (text: string): string => text.replace(/^(?:call|llamada) [0-9a-f]{8}…:? /, '');

const sinceStart = (call: CallWithTimeline, entry: Entry): string => `+${((Date.parse(entry.time) - Date.parse(call.startedAt)) / 1_000).toFixed(3)}`;

/** The timeline: local time, seconds since the call began, what happened. */
export function describeTimeline(call: CallWithTimeline, language: Language, style: Style): string {
  const lines = call.timeline.map((entry, index) => {
    const since = sinceStart(call, entry).padStart(9);
    return `  ${style.dim(`${timeOfDay(entry.time)} ${since}`)}  ${withoutId(tell(envelopeOf(call, entry, index), language))}\n`;
  });
  return lines.join('') || '  (empty)\n';
}

/** The transcript, a line per turn. */
export function describeTranscript(call: CallWithTimeline, style: Style): string {
  const turns = transcriptOf(call).map((turn) => `  ${style.strong(turn.role.padEnd(6))}  ${printable(turn.text)}${turn.interrupted ? style.dim('  [interrupted]') : ''}\n`);
  return turns.join('') || '  (nothing was said to an agent)\n';
}

/** Where a call's recordings are. */
function describeRecordings(call: CallWithTimeline): string {
  return call.recordings.map((recording) => `  ${recording.location}  ${recording.durationMs === null ? recording.state : duration(recording.durationMs)}\n`).join('') || '  (not recorded)\n';
}

/** A call for people: facts, timeline, transcript, recordings. */
export function describeCall(call: CallWithTimeline, language: Language, style: Style): string {
  const heading = facts([
    ['call', call.callId],
    ['tenant', call.tenant],
    ['from', `${maskNumber(call.from) || 'unknown'} to ${maskNumber(call.to)} (${call.direction})`],
    ['rail', call.rail],
    ['state', call.disposition === null ? `${call.state}, at ${call.at}` : `ended: ${call.disposition}${call.cause === null ? '' : `, cause ${call.cause}`}`],
    ['route', call.route === null ? null : `${call.route.code}, revision ${call.route.revision}`],
    ['started', dateAndTime(call.startedAt)],
    ['ended', call.endedAt === null ? null : dateAndTime(call.endedAt)],
  ]);
  const section = (title: string, body: string): string => `\n${style.strong(title)}\n${body}`;
  return [heading, section('Timeline', describeTimeline(call, language, style)), section('Transcript', describeTranscript(call, style)), section('Recordings', describeRecordings(call))].join('');
}
