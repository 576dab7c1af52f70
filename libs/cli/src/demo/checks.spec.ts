import type { CallWithTimeline, Envelope } from '@troncal/contracts';
import { describe, expect, it } from 'vitest';
import { styleFor } from '../output/style.js';
import { checksOf, EXPECTED_STORY, missingFrom } from './checks.js';
import { delaysOf } from './delays.js';
import type { LabNotes } from './notes.js';
import { reportJson, reportText } from './report.js';

const CALL = '3f1f0a2b-5a10-4c3e-9d55-3f1f6f0a1b2c';
const event = (type: string): Envelope => ({ specversion: '1.0', id: 'x', type: `${type}.v1`, source: 's', time: '2026-11-21T14:00:00Z', subject: CALL, sequence: 1, tenantid: 'demo', correlationid: CALL, datacontenttype: 'application/json', data: { callId: CALL } });
const turn = (role: string, number: number) => ({ time: '2026-11-21T14:00:00Z', type: 'TurnCompleted.v1', source: 's', eventId: 'x', data: { conversationId: 'c', callId: CALL, turn: number, role, text: `words of the ${role}`, interrupted: false, tookMs: 1 } });
const call = {
  callId: CALL, tenant: 'demo', direction: 'internal', from: '202', to: '100', state: 'ended', at: 'ended', route: null, edgeId: 'e', rail: 'asterisk', startedAt: '2026-11-21T14:00:00Z', answeredAt: null, endedAt: null, disposition: 'answered', cause: 16, legs: [], recordings: [], held: false, parked: null, conference: null, consulting: null, playing: null, snoops: [],
  timeline: [...EXPECTED_STORY.slice(0, 3).map((type) => ({ time: '2026-11-21T14:00:00Z', type: `${type}.v1`, source: 's', eventId: 'x', data: {} })), turn('caller', 1), turn('agent', 2), ...EXPECTED_STORY.slice(4).map((type) => ({ time: '2026-11-21T14:00:00Z', type: `${type}.v1`, source: 's', eventId: 'x', data: {} }))],
} satisfies CallWithTimeline;

const good = (): LabNotes => ({
  registeredAt: 50, invitedAt: 100, answeredAt: 160, firstSoundAt: 200, agentSoundAt: 310, questionEndedAt: 5_000, answerAt: 5_600, interruptedAt: 7_000, silentAt: 7_300, zeroAt: 12_000, soundAfterZeroAt: 12_100,
  ringingAt: 14_000, musicAt: 14_100, musicLoudness: 0.9, personAnsweredAt: 17_000, personHeardAt: 17_200, callerHearsPerson: true, personHearsCaller: true, callerHungUpAt: 19_000, personEndedAt: 19_010,
  events: EXPECTED_STORY.map(event), call, recording: { path: '/r/x.wav', durationMs: 18_000, caller: true, person: true },
});
const failed = (notes: LabNotes): string[] => checksOf(notes).filter((check) => !check.ok).map((check) => check.name);

describe('the checks of the lab call', () => {
  it('all hold for a good call', () => {
    expect(failed(good())).toEqual([]);
    expect(reportJson(good(), checksOf(good()))).toMatchObject({ ok: true });
  });

  it.each<[string, Partial<LabNotes>]>([
    ['the agent greets', { agentSoundAt: undefined as never }],
    ['the agent answers the question', { answerAt: undefined as never }],
    ['the agent falls silent when interrupted', { silentAt: 10_000 }],
    ['digit 0 brings music', { musicLoudness: 0.02 }],
    ['the caller hears the person', { callerHearsPerson: false }],
    ['the person hears the caller', { personHearsCaller: false }],
    ['both hang up', { personEndedAt: undefined as never }],
    ['the bus tells the whole story in order', { events: EXPECTED_STORY.toReversed().map(event) }],
    ['the call ended exactly once', { events: [...EXPECTED_STORY, 'CallEnded'].map(event) }],
    ['the transcript has both sides', { call: { ...call, timeline: call.timeline.filter((entry) => !('role' in entry.data) || entry.data.role !== 'caller') } }],
    ['the recording has both sides', { recording: { path: 'x', durationMs: 1, caller: true, person: false } }],
  ])('“%s” fails when it does not hold', (name, change) => {
    const names = failed({ ...good(), ...change });
    expect(names).toContain(name);
    expect(names).toHaveLength(1);
  });

  it('all fail for a call that was never placed, and say so', () => {
    const checks = checksOf({ events: [] });
    expect(checks.every((check) => !check.ok)).toBe(true);
    expect(checks.map((check) => check.seen)).toContain('not reached');
  });

  it('name the events that are missing from a story', () => {
    expect(missingFrom(['A', 'B', 'C'], ['A', 'C'])).toEqual([]);
    expect(missingFrom(['A', 'C', 'B'], ['A', 'B', 'C'])).toEqual(['C']);
    expect(missingFrom([], ['A'])).toEqual(['A']);
  });
});

describe('the report of the lab call', () => {
  it('measures delays between moments at the phone, and leaves out what was not reached', () => {
    expect(Object.fromEntries(delaysOf(good()).map(({ what, ms }) => [what, ms]))).toEqual({
      'INVITE → first sound': 100, 'INVITE → first agent audio': 210, 'end of question → start of answer': 600, 'interruption → silence': 300, 'digit 0 → first sound': 100, 'digit 0 → music': 2_100, 'digit 0 → person': 5_200,
    });
    expect(delaysOf({ ...good(), announcementEndedAt: 290 })).toContainEqual({ what: 'end of announcement → first agent audio', ms: 20 });
    expect(delaysOf({ events: [] }).every(({ ms }) => ms === undefined)).toBe(true);
  });

  it('has all its sections, and shows expected and seen of what failed', () => {
    const notes = { ...good(), musicLoudness: 0 };
    const text = reportText(notes, checksOf(notes), 'en', styleFor(false));
    for (const title of ['Timeline', 'Transcript', 'Recording', 'Delays, as measured at the phone', 'Checks']) expect(text).toContain(`\n${title}\n`);
    expect(text).toContain('  INVITE → first agent audio         210 ms\n');
    expect(text).toContain('  FAIL  digit 0 brings music\n          expected: music or ringing while 201 rings\n          seen:     sound 0 % of the time\n');
    expect(text).toContain('  caller  words of the caller\n');
  });
});
