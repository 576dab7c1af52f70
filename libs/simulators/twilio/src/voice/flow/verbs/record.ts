import { dbfs, decodeUlaw, encodeUlaw, tone } from '@troncal/audio';
import type { Recording } from '../../recordings/recording.js';
import { recordWish } from '../../recordings/record-wish.js';
import { attribute, isTrue, wholeNumber } from '../../twiml/attributes.js';
import type { Parameters } from '../../webhooks/signature.js';
import { actionOf, Interrupted, unlessInterrupted, type Verb, type VerbContext } from '../verb.js';

const BEEP = encodeUlaw(tone(1_000, 300));
const ANY_KEY = '1234567890*#';
const LOUD_DBFS = -45;
const LOOK_MS = 50;

/** Takes down what the caller says: a voicemail. It ends by a key, by silence, by its greatest length or with the call; the action is told in each case. */
export const record: Verb = async (element, context) => {
  const { call, plane, signal, warn } = context;
  const timeoutS = wholeNumber(element, 'timeout', 5, 1, (value) => warn(13611, `Record: Invalid timeout value ${value}`));
  const maxLengthS = wholeNumber(element, 'maxLength', 3_600, 1, (value) => warn(13612, `Record: Invalid maxLength value ${value}`));
  const finishOnKey = attribute(element, 'finishOnKey') ?? ANY_KEY;
  if (!/^[\d*#]*$/.test(finishOnKey)) warn(13613, `Record: Invalid finishOnKey value ${finishOnKey}`);
  if (isTrue(element, 'playBeep', true)) await unlessInterrupted(signal, call.player.play(BEEP));
  const recording = plane.recordings.start(call, recordWish(element, context, 'RecordVerb'));
  const limits = { timeoutMs: timeoutS * plane.settings.secondMs, maxMs: maxLengthS * plane.settings.secondMs, finishOnKey };
  try {
    const key = await unlessInterrupted(signal, recorded(context, limits));
    recording.stop();
    return actionOf(element, context, parametersOf(recording, key));
  } catch (error) {
    if (!(error instanceof Interrupted)) throw error;
    recording.stop();
    // The caller hung up: what the action answers isn't executed any more.
    if (call.isOver) await plane.tell(call, actionOf(element, context, parametersOf(recording, 'hangup')));
    throw error;
  }
};

interface RecordLimits {
  readonly timeoutMs: number;
  readonly maxMs: number;
  readonly finishOnKey: string;
}

/** The key that ended it; nothing when time or silence did. */
function recorded({ call, signal }: VerbContext, limits: RecordLimits): Promise<string> {
  return new Promise((resolve) => {
    const began = performance.now();
    let loudAt = began;
    const done = (key: string): void => {
      clearInterval(timer);
      for (const each of undo) each();
      resolve(key);
    };
    const timer = setInterval(() => {
      const now = performance.now();
      if (now - began >= limits.maxMs || now - loudAt >= limits.timeoutMs || signal.aborted) done('');
    }, LOOK_MS);
    const undo = [
      call.onAudio((ulaw) => {
        if (dbfs(decodeUlaw(ulaw)) >= LOUD_DBFS) loudAt = performance.now();
      }),
      call.onDigit((digit) => {
        if (limits.finishOnKey.includes(digit)) done(digit);
      }),
    ];
  });
}

const parametersOf = (recording: Recording, digits: string): Parameters => ({
  RecordingUrl: recording.url,
  RecordingSid: recording.sid,
  RecordingDuration: String(recording.durationS),
  Digits: digits,
});
