import type { Envelope } from '@troncal/contracts';
import { errorText } from '@troncal/kernel';
import { CliError } from '../cli-error.js';
import { openTail, type OpenTail } from '../events/open-tail.js';
import { EXIT } from '../exit-codes.js';
import { eventLine } from '../sentences/tell.js';
import type { Session } from '../session.js';
import { abortable } from './abortable.js';
import { demoAccount } from './accounts.js';
import { CallEvents } from './call-events.js';
import { gatherCall, gatherRecording } from './gather.js';
import { runLabCall } from './lab-call.js';
import type { LabPlace } from './lab-place.js';
import type { LabNotes } from './notes.js';
import { openPhone } from './open-phone.js';
import type { Phone } from './phone.js';
import { LINES, speech, type Speech } from './speech.js';

const CALLER = '202';
const PERSON = '201';
const AGENT = '100';
const ENDED_WITHIN_MS = 15_000;

/** How the lab call went: what was noted, and what stopped it, if anything. */
export interface Performed {
  readonly notes: LabNotes;
  readonly stoppedBy: unknown;
}

/** Runs the lab call with two phones, telling events and steps as they come. Ends calls and registrations on every way out. */
export async function perform(session: Session, place: LabPlace, tell: (line: string) => void): Promise<Performed> {
  const { api, language, style, terminal } = session;
  const notes: LabNotes = { events: [] };
  const events = new CallEvents({ tenant: place.demo.tenant, from: CALLER, to: AGENT });
  const tail = await openTail(session, { onArrival: (event) => events.take(event) }, (event) => tell(eventLine(event, language, style)), tell);
  const narrate = (text: string): void => tail.tell(`${style.dim(clock())} ${style.warn('phone')} ${text}\n`);
  const phones: Phone[] = [];
  try {
    const [question, interruption] = await Promise.all([LINES[language].question, LINES[language].interruption].map((text) => speech(text, language, place.state.espeak)));
    if (question === undefined || interruption === undefined) throw new Error('nothing to say');
    warnOfTones(session, question);
    const accounts = await Promise.all([CALLER, PERSON].map((extension) => demoAccount(api, place.demo, extension)));
    for (const account of accounts) phones.push(await openPhone(account, place.sip));
    const [caller, person] = phones as [Phone, Phone];
    const call = runLabCall({ caller, person, dial: AGENT, question: question.samples, interruption: interruption.samples, event: (type, withinMs) => events.next(type, withinMs), timeOf, narrate, signal: terminal.interrupted }, notes);
    await abortable(call, terminal.interrupted);
    await abortable(afterwards(session, place, events, notes), terminal.interrupted);
    return { notes, stoppedBy: undefined };
  } catch (error) {
    // What is known of the call is shown all the same; the phones hang up first, so that it is over.
    await closeAll(phones);
    if (terminal.interrupted.aborted) return { notes, stoppedBy: new CliError(EXIT.interrupted, 'interrupted; both phones have hung up') };
    await abortable(afterwards(session, place, events, notes), terminal.interrupted).catch(() => {});
    return { notes, stoppedBy: error };
  } finally {
    await closeAll(phones);
    await end(tail);
    notes.events = events.ofCall();
  }
}

/** Waits for the end of the story on the bus and in the database. */
async function afterwards(session: Session, place: LabPlace, events: CallEvents, notes: LabNotes): Promise<void> {
  await events.next('CallEnded', ENDED_WITHIN_MS).catch((error: unknown) => session.terminal.err(`note: ${errorText(error)}\n`));
  if (events.callId === undefined) return;
  notes.call = await gatherCall(session.api, events.callId, session.terminal.interrupted);
  const recording = await gatherRecording(session.api, notes.call, place.state.directories);
  if (recording !== undefined) notes.recording = recording;
}

const closeAll = async (phones: readonly Phone[]): Promise<void> => void (await Promise.all(phones.map((phone) => phone.close())));
const end = (tail: OpenTail): Promise<void> => tail.stop();

// Events carry the machine's clock, the phones the process's own.
const timeOf = (envelope: Envelope): number => Date.parse(envelope.time) - performance.timeOrigin;
const clock = (): string => new Date().toTimeString().slice(0, 8);

function warnOfTones(session: Session, said: Speech): void {
  if (said.by === 'tones') session.terminal.err(`note: the question is a pattern of tones: ${said.reason ?? ''}\n`);
}
