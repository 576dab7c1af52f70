import { encodeUlaw, tone } from '@troncal/audio';
import type { IncomingCall, SipCall, SipPhone } from '@troncal/sip-phone';
import { CALLER_HZ, isDeclared, PERSON_HZ } from './places.js';

/** One piece of tone for everybody; it is queued again and again, so that no call holds minutes of audio. */
const PIECE_MS = 10_000;
const PIECES = new Map([CALLER_HZ, PERSON_HZ].map((hz) => [hz, encodeUlaw(tone(hz, PIECE_MS))]));

/** Plays a tone until the call ends, without a break. */
export function playForEver(call: SipCall, hz: number): void {
  const piece = PIECES.get(hz);
  if (!piece) throw new Error(`no tone of ${hz} Hz is prepared`);
  // One piece ahead of the one that sounds: the next is there before the last frame is over.
  const play = async (): Promise<void> => {
    while ((await call.play(piece)).complete);
  };
  void play();
  void play();
}

/** People have said what they had to say to a client's call by then, so that a run holds the calls it was asked to hold, however long it lasts. */
const CLIENT_CALL_MS = 5_000;

/** A call as the person who was called has it. */
export interface Answered {
  readonly extension: string;
  readonly call: IncomingCall;
  /** The extension that the caller's number shows. */
  readonly from: string;
}

/** People who answer whatever rings at their phones and speak (a tone) until it ends; calls that a client places they end themselves. */
export class People {
  readonly answered: Answered[] = [];

  /** Sits somebody at a phone. */
  sit(extension: string, phone: SipPhone): void {
    phone.onIncoming(async (call) => {
      await call.answer();
      const from = call.remoteUser ?? '';
      playForEver(call, PERSON_HZ);
      if (isDeclared(from)) setTimeout(() => void call.hangup().catch(() => {}), CLIENT_CALL_MS).unref();
      else this.answered.push({ extension, call, from });
    });
  }

  /** The newest call that shows this extension as the caller. */
  of(from: string): Answered | undefined {
    return this.answered.findLast((each) => each.from === from);
  }
}
