import { hearsTone, tone } from '@troncal/audio';
import type { Envelope } from '@troncal/contracts';
import { withDeadline } from '@troncal/kernel';
import { abortable } from './abortable.js';
import { CALLER_TONE, PERSON_TONE, type LabNotes } from './notes.js';
import type { Line, Phone, PlacedCall } from './phone.js';

/** What the lab call is made of. */
export interface Lab {
  readonly caller: Phone;
  readonly person: Phone;
  /** Number that leads to the AI agent. */
  readonly dial: string;
  readonly question: Int16Array;
  readonly interruption: Int16Array;
  /** Resolves when an event of this type was seen that belongs to the call; rejects when it does not come in time. */
  event(type: string, withinMs: number): Promise<Envelope>;
  /** The phone clock's time of an event. */
  timeOf(envelope: Envelope): number;
  /** Tells the user what is being done. */
  narrate(text: string): void;
  readonly signal: AbortSignal;
}

// Generous: a slow provider makes a slow call, not a wrong one. The delays are printed as they were.
const PATIENCE_MS = 45_000;
/** A speaker who is quiet this long has finished. Pauses between sentences are shorter. */
const FINISHED_MS = 1_200;
/** The agent speaks this long before it is interrupted. */
const BEFORE_INTERRUPTION_MS = 1_000;
/** It is interrupted in the middle of a sentence: when it was loud for most of such a stretch. */
const MID_SENTENCE_MS = 200;
/** An agent is silent, not between two sentences, after this long. */
const SILENT_MS = 700;
/** How long the person lets it ring, so that the caller's music can be heard. */
const RINGING_MS = 3_000;
const TONE_MS = 1_500;

/**
 * The lab call: 202 dials the agent, asks, interrupts, presses 0, waits, speaks with 201, hangs up. Writes down in `notes` what it
 * sees as it sees it, so that a call that fails half-way still shows how far it came. Throws what stopped it.
 */
export async function runLabCall(lab: Lab, notes: LabNotes): Promise<void> {
  await abortable(Promise.all([lab.caller.register(), lab.person.register()]), lab.signal);
  notes.registeredAt = performance.now();
  const rings = lab.person.nextCall();
  // It is awaited later; a call that fails before must not end the process by an unhandled rejection.
  rings.catch(() => {});
  lab.narrate(`${lab.caller.extension} dials ${lab.dial}`);
  const line = await abortable(lab.caller.dial(lab.dial), lab.signal);
  notes.invitedAt = line.invitedAt;
  notes.answeredAt = line.answeredAt;
  // Once the call is over nothing more will be heard: every wait ends with it.
  const signal = AbortSignal.any([lab.signal, line.over]);
  await talkToAgent(lab, line, signal, notes);
  lab.narrate(`${lab.caller.extension} presses 0`);
  const zero = await line.press('0');
  notes.zeroAt = zero.from;
  const first = await line.ear.until('anything after 0', () => line.ear.soundAfter(zero.from), PATIENCE_MS, signal).catch(() => undefined);
  signal.throwIfAborted();
  if (first !== undefined) notes.soundAfterZeroAt = first;
  await waitForPerson(lab, line, rings, signal, notes);
}

async function talkToAgent(lab: Lab, line: PlacedCall, signal: AbortSignal, notes: LabNotes): Promise<void> {
  const { ear } = line;
  const wait = (what: string, look: () => number | undefined): Promise<number> => ear.until(what, look, PATIENCE_MS, signal);
  notes.firstSoundAt = await wait('the first sound', () => ear.soundAfter(line.invitedAt));
  const begun = lab.timeOf(await abortable(lab.event('ConversationStarted', PATIENCE_MS), signal));
  const greeted = await wait('the agent’s greeting', () => ear.soundAfter(begun));
  notes.agentSoundAt = greeted;
  const before = ear.lastSound(line.invitedAt, greeted - 1);
  if (before !== undefined) notes.announcementEndedAt = before;
  await wait('the end of the greeting', () => ear.silenceAfter(greeted, FINISHED_MS));

  lab.narrate(`${lab.caller.extension} asks a question`);
  const question = await line.speak(lab.question);
  notes.questionEndedAt = question.to;
  const answer = await wait('the answer', () => ear.soundAfter(question.to));
  notes.answerAt = answer;
  await wait('some of the answer', () => {
    const now = performance.now();
    return now - answer >= BEFORE_INTERRUPTION_MS && ear.loudness(now - MID_SENTENCE_MS, now) >= 0.9 ? now : undefined;
  });

  lab.narrate(`${lab.caller.extension} interrupts the answer`);
  const interruptedAt = performance.now();
  const interruption = line.speak(lab.interruption);
  notes.silentAt = await wait('silence after the interruption', () => ear.silenceAfter(interruptedAt, SILENT_MS));
  const spoken = await interruption;
  notes.interruptedAt = spoken.from;
  // The agent answers the interruption too; 0 is pressed into silence, so that what is heard next is not the agent.
  const again = await ear.until('the next answer', () => ear.soundAfter(spoken.to), 10_000, signal).catch(() => spoken.to);
  signal.throwIfAborted();
  await wait('the end of the next answer', () => ear.silenceAfter(again, FINISHED_MS));
}

async function waitForPerson(lab: Lab, line: PlacedCall, rings: ReturnType<Phone['nextCall']>, signal: AbortSignal, notes: LabNotes): Promise<void> {
  const { ear } = line;
  const ringing = await abortable(withDeadline(rings, PATIENCE_MS, `the ringing of ${lab.person.extension}`), signal);
  notes.ringingAt = ringing.ringingAt;
  lab.narrate(`${lab.person.extension} rings`);
  // The announcement before the queue is over when the person's phone rings: what is heard from now on is music or ringing.
  await ear.until('the ringing', () => (performance.now() - ringing.ringingAt >= RINGING_MS ? RINGING_MS : undefined), 2 * RINGING_MS, signal);
  const answering = performance.now();
  const music = ear.soundAfter(ringing.ringingAt);
  if (music !== undefined) notes.musicAt = music;
  notes.musicLoudness = ear.loudness(music ?? ringing.ringingAt, answering);
  lab.narrate(`${lab.person.extension} answers`);
  const person = await ringing.answer();
  notes.personAnsweredAt = person.answeredAt;
  await abortable(lab.event('AgentConnected', PATIENCE_MS), signal);
  await hearEachOther(lab, line, person, signal, notes);

  lab.narrate(`${lab.caller.extension} hangs up`);
  await line.hangUp();
  notes.callerHungUpAt = performance.now();
  notes.personEndedAt = await withDeadline(person.ended, 5_000, `the end of the call at ${lab.person.extension}`);
}

async function hearEachOther(lab: Lab, caller: Line, person: Line, signal: AbortSignal, notes: LabNotes): Promise<void> {
  lab.narrate(`${lab.caller.extension} and ${lab.person.extension} speak to each other`);
  const [, said] = await Promise.all([caller.speak(tone(CALLER_TONE, TONE_MS)), person.speak(tone(PERSON_TONE, TONE_MS))]);
  // The last frames are still on their way when the last one has been sent.
  await caller.ear.until('the tones', () => (performance.now() - said.to >= 300 ? 0 : undefined), 5_000, signal);
  const now = performance.now();
  const heard = (line: Line, hz: number): boolean => hearsTone(line.ear.samplesBetween(said.from, now), hz, { minMs: TONE_MS / 3 });
  notes.callerHearsPerson = heard(caller, PERSON_TONE);
  notes.personHearsCaller = heard(person, CALLER_TONE);
  if (notes.callerHearsPerson) notes.personHeardAt = caller.ear.soundAfter(said.from) ?? said.from;
}
