import type { CallWithTimeline, Envelope } from '@troncal/contracts';

/** What the recording of the call holds. */
export interface RecordingHeard {
  /** Where it lies, as a person would open it. */
  readonly path: string;
  readonly durationMs: number;
  /** Whether the caller's and the person's tone are in it. */
  readonly caller: boolean;
  readonly person: boolean;
}

/**
 * What was seen and heard during the lab call, at the two phones and on the bus. Times are those of one monotonic clock, in ms; what is
 * undefined was not reached.
 */
export interface LabNotes {
  registeredAt?: number;
  invitedAt?: number;
  answeredAt?: number;
  /** The first sound at all: an announcement, if the route has one. */
  firstSoundAt?: number;
  /** The last sound before the agent's, if an announcement came first. */
  announcementEndedAt?: number;
  /** The agent's first sound. */
  agentSoundAt?: number;
  /** The last sound of the question, and the first of the answer. */
  questionEndedAt?: number;
  answerAt?: number;
  /** The first sound of the interruption, and the last of the agent. */
  interruptedAt?: number;
  silentAt?: number;
  /** When 0 was pressed, the first sound after it, when the person's phone rang and when music was heard. */
  zeroAt?: number;
  soundAfterZeroAt?: number;
  ringingAt?: number;
  musicAt?: number;
  /** Share of the waiting that was loud, 0 to 1. */
  musicLoudness?: number;
  /** When the person answered and when the caller first heard that person. */
  personAnsweredAt?: number;
  personHeardAt?: number;
  callerHearsPerson?: boolean;
  personHearsCaller?: boolean;
  callerHungUpAt?: number;
  personEndedAt?: number;
  /** Events of this call, in the order of the facts. */
  events: Envelope[];
  call?: CallWithTimeline;
  recording?: RecordingHeard;
}

/** Tones that the two speak to each other, Hz: far from each other, from DTMF and from music's favourites. */
export const CALLER_TONE = 650;
export const PERSON_TONE = 1_050;
