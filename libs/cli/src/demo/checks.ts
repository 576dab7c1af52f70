import type { Envelope } from '@troncal/contracts';
import { duration } from '../output/durations.js';
import { transcriptOf } from '../timeline/transcript.js';
import { CALLER_TONE, PERSON_TONE, type LabNotes } from './notes.js';

/** One thing that must have held. */
export interface Check {
  readonly name: string;
  readonly ok: boolean;
  readonly expected: string;
  readonly seen: string;
}

/** Longer than this, an interruption was not heeded: the agent merely came to its end. */
const SILENCE_WITHIN_MS = 2_500;
/** Music is never still for long; a ringing tone is on at least a sixth of the time. */
const MUSIC_LOUDNESS = 0.15;

const NOT_REACHED = 'not reached';
const moment = (at: number | undefined, since: number | undefined): string => (at === undefined ? NOT_REACHED : since === undefined ? 'yes' : `after ${duration(at - since)}`);
const typesOf = (events: readonly Envelope[]): string[] => events.map((event) => event.type.replace(/\.v\d+$/, ''));

/** What the bus must tell of such a call, in this order; other events may stand between. */
export const EXPECTED_STORY = ['CallStarted', 'CallAnswered', 'ConversationStarted', 'TurnCompleted', 'AgentInterrupted', 'DtmfReceived', 'CallQueued', 'AgentConnected', 'CallEnded'] as const;

/** The expected events that are missing, or that come only before their predecessor. */
export function missingFrom(types: readonly string[], expected: readonly string[] = EXPECTED_STORY): string[] {
  let from = 0;
  return expected.filter((type) => {
    const found = types.indexOf(type, from);
    if (found < 0) return true;
    from = found + 1;
    return false;
  });
}

function atThePhones(notes: LabNotes): Check[] {
  const silence = notes.silentAt === undefined || notes.interruptedAt === undefined ? undefined : notes.silentAt - notes.interruptedAt;
  return [
    { name: 'both phones register', ok: notes.registeredAt !== undefined, expected: '201 and 202 registered', seen: notes.registeredAt === undefined ? NOT_REACHED : 'both' },
    { name: 'the call is answered', ok: notes.answeredAt !== undefined, expected: '100 answers', seen: moment(notes.answeredAt, notes.invitedAt) },
    { name: 'the agent greets', ok: notes.agentSoundAt !== undefined, expected: 'speech from the agent', seen: moment(notes.agentSoundAt, notes.invitedAt) },
    { name: 'the agent answers the question', ok: notes.answerAt !== undefined, expected: 'speech after the question', seen: moment(notes.answerAt, notes.questionEndedAt) },
    { name: 'the agent falls silent when interrupted', ok: silence !== undefined && silence <= SILENCE_WITHIN_MS, expected: `silence within ${duration(SILENCE_WITHIN_MS)}`, seen: moment(notes.silentAt, notes.interruptedAt) },
    { name: 'digit 0 brings music', ok: notes.musicAt !== undefined && (notes.musicLoudness ?? 0) >= MUSIC_LOUDNESS, expected: 'music or ringing while 201 rings', seen: notes.musicLoudness === undefined ? NOT_REACHED : `sound ${Math.round(notes.musicLoudness * 100)} % of the time` },
    { name: 'the person’s phone rings', ok: notes.ringingAt !== undefined, expected: '201 rings', seen: moment(notes.ringingAt, notes.zeroAt) },
    { name: 'the caller hears the person', ok: notes.callerHearsPerson === true, expected: `${PERSON_TONE} Hz at 202`, seen: heard(notes.callerHearsPerson) },
    { name: 'the person hears the caller', ok: notes.personHearsCaller === true, expected: `${CALLER_TONE} Hz at 201`, seen: heard(notes.personHearsCaller) },
    { name: 'both hang up', ok: notes.callerHungUpAt !== undefined && notes.personEndedAt !== undefined, expected: '202 hangs up and 201 is told', seen: moment(notes.personEndedAt, notes.callerHungUpAt) },
  ];
}

const heard = (tone: boolean | undefined): string => (tone === undefined ? NOT_REACHED : tone ? 'heard' : 'not heard');

function onTheBus(notes: LabNotes): Check[] {
  const types = typesOf(notes.events);
  const missing = missingFrom(types);
  const ends = types.filter((type) => type === 'CallEnded').length;
  return [
    { name: 'the bus tells the whole story in order', ok: missing.length === 0, expected: EXPECTED_STORY.join(', '), seen: missing.length === 0 ? 'all of them' : `without ${missing.join(', ')}; it told ${types.join(', ') || 'nothing'}` },
    { name: 'the call ended exactly once', ok: ends === 1, expected: 'one CallEnded', seen: String(ends) },
  ];
}

function inTheDatabase(notes: LabNotes): Check[] {
  const { call, recording } = notes;
  const timeline = call === undefined ? [] : call.timeline.map((entry) => entry.type.replace(/\.v\d+$/, ''));
  const missing = missingFrom(timeline);
  const roles = call === undefined ? [] : transcriptOf(call).map((turn) => turn.role);
  const sides = recording === undefined ? [] : [recording.caller && 'caller', recording.person && 'person'].filter((side) => side !== false);
  return [
    { name: 'the timeline has the whole story', ok: call !== undefined && missing.length === 0, expected: EXPECTED_STORY.join(', '), seen: call === undefined ? NOT_REACHED : missing.length === 0 ? 'all of them' : `without ${missing.join(', ')}` },
    { name: 'the transcript has both sides', ok: roles.includes('caller') && roles.includes('agent'), expected: 'turns of the caller and of the agent', seen: call === undefined ? NOT_REACHED : roles.join(', ') || 'no turns' },
    { name: 'the recording has both sides', ok: sides.length === 2, expected: 'a recording with both tones', seen: recording === undefined ? 'no recording' : `${duration(recording.durationMs)} with ${sides.join(' and ') || 'neither tone'}` },
  ];
}

/** Everything that must hold after a lab call, in the order of the call. */
export const checksOf = (notes: LabNotes): Check[] => [...atThePhones(notes), ...onTheBus(notes), ...inTheDatabase(notes)];
