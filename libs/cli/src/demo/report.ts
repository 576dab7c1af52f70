import type { Language } from '@troncal/contracts';
import { duration } from '../output/durations.js';
import type { Style } from '../output/style.js';
import { facts } from '../output/table.js';
import { describeTimeline, describeTranscript } from '../timeline/describe-call.js';
import type { Check } from './checks.js';
import { delaysOf } from './delays.js';
import type { LabNotes } from './notes.js';

/** What the lab call prints at its end: timeline, transcript, recording, delays, checks. */
export function reportText(notes: LabNotes, checks: readonly Check[], language: Language, style: Style): string {
  const section = (title: string, body: string): string => `\n${style.strong(title)}\n${body}`;
  const { call, recording } = notes;
  const nothing = '  (the call was not found)\n';
  return [
    section('Timeline', call === undefined ? nothing : describeTimeline(call, language, style)),
    section('Transcript', call === undefined ? nothing : describeTranscript(call, style)),
    section('Recording', recording === undefined ? '  (none)\n' : `  ${recording.path}  ${duration(recording.durationMs)}\n`),
    section('Delays, as measured at the phone', facts(delaysOf(notes).map(({ what, ms }) => [what, ms === undefined ? null : duration(ms)]), '  ')),
    section('Checks', checks.map((check) => checkLine(check, style)).join('')),
  ].join('');
}

function checkLine(check: Check, style: Style): string {
  if (check.ok) return `  ${style.good('ok')}    ${check.name}\n`;
  return `  ${style.bad('FAIL')}  ${check.name}\n          expected: ${check.expected}\n          seen:     ${check.seen}\n`;
}

/** The same for programs. */
export function reportJson(notes: LabNotes, checks: readonly Check[]): unknown {
  return { ok: checks.every((check) => check.ok), call: notes.call ?? null, recording: notes.recording ?? null, delays: delaysOf(notes), checks };
}
