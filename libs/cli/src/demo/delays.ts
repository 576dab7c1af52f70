import type { LabNotes } from './notes.js';

/** A delay as measured at the phone. */
export interface Delay {
  readonly what: string;
  /** ms; undefined when one end of it was not reached. */
  readonly ms: number | undefined;
}

const between = (from: number | undefined, to: number | undefined): number | undefined => (from === undefined || to === undefined ? undefined : Math.max(0, to - from));

/** The delays of a lab call, all by the phone's own clock. */
export const delaysOf = (notes: LabNotes): Delay[] => [
  { what: 'INVITE → first sound', ms: between(notes.invitedAt, notes.firstSoundAt) },
  { what: 'INVITE → first agent audio', ms: between(notes.invitedAt, notes.agentSoundAt) },
  ...(notes.announcementEndedAt === undefined ? [] : [{ what: 'end of announcement → first agent audio', ms: between(notes.announcementEndedAt, notes.agentSoundAt) }]),
  { what: 'end of question → start of answer', ms: between(notes.questionEndedAt, notes.answerAt) },
  { what: 'interruption → silence', ms: between(notes.interruptedAt, notes.silentAt) },
  { what: 'digit 0 → first sound', ms: between(notes.zeroAt, notes.soundAfterZeroAt) },
  { what: 'digit 0 → music', ms: between(notes.zeroAt, notes.musicAt) },
  { what: 'digit 0 → person', ms: between(notes.zeroAt, notes.personHeardAt) },
];
