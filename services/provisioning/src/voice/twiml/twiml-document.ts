import twilio from 'twilio';
import type VoiceResponse from 'twilio/lib/twiml/VoiceResponse.js';
import type { Voice } from './voices.js';

/** Twilio takes no more (twilio.com/docs/voice/twiml: 64 KB); the rest is for what may still be appended. */
const FULL_BYTES = 48 * 1024;
/** Characters of one <Say>, by Twilio. */
const LONGEST_SAY = 4_096;
const LONGEST_CALL_S = 14_400;
/** What `&` takes more as `&amp;`. */
const ESCAPED_BYTES = 4;
/** Not characters of XML 1.0 (section 2.2), escaped or not: a document with one of them is refused whole. */
const NO_XML = /[^\t\n\r\u0020-\uD7FF\uE000-\uFFFD\u{10000}-\u{10FFFF}]/gu;

/** A text as it may stand in XML. */
export const xmlText = (text: string): string => text.toWellFormed().replaceAll(NO_XML, ' ');

/** Something that is said, and by whom. */
export interface Spoken extends Voice {
  readonly text: string;
}

export interface GatherOptions {
  /** Where the digit goes. */
  readonly action: string;
  /** Seconds to wait for it after the text, at least 1. */
  readonly timeoutS: number;
  /** Without a digit the action is fetched all the same; else what follows in the document is done. */
  readonly always: boolean;
}

export interface DialOptions {
  readonly action: string;
  readonly timeoutS?: number;
  readonly timeLimitS?: number;
  readonly callerId?: string;
  /** Fetched for each recording, when both sides are to be recorded. */
  readonly recordingCallback?: string;
  /** Fetched when somebody in the call asks for a transfer (REFER). */
  readonly referUrl?: string;
}

export interface RecordOptions {
  /** Fetched when something was recorded; without that the document goes on. */
  readonly action: string;
  readonly recordingCallback: string;
  readonly maxSeconds: number;
  /** So much silence ends it. */
  readonly silenceSeconds: number;
  readonly finishOnKey: string;
  readonly beep: boolean;
}

/** An address to be rung. */
export interface SipTarget {
  readonly sip: string;
  /** What answers a challenge. */
  readonly credentials?: { readonly username: string; readonly password: string };
}

/** Somebody to be rung, with the URL that hears how it goes. */
export type DialTarget = (SipTarget | { readonly number: string }) & { readonly statusCallback: string };

/**
 * One TwiML document. Built by Twilio's SDK, so every text and attribute is escaped, and only of the verbs that stand here; texts lose what XML can't hold.
 */
export class TwimlDocument {
  private readonly response = new twilio.twiml.VoiceResponse();
  private bytes = 200;
  private verbs = 0;

  get empty(): boolean {
    return this.verbs === 0;
  }

  /** Something long may no longer be appended: go on in another document. */
  get full(): boolean {
    return this.bytes > FULL_BYTES;
  }

  say(spoken: Spoken): this {
    this.speak(this.response, spoken);
    return this;
  }

  /** Says something, or nothing, and takes one digit, which ends the saying. */
  gather(spoken: Spoken | undefined, { action, timeoutS, always }: GatherOptions): this {
    this.count(600 + action.length);
    // `#` is a digit like any other, so no key ends the input.
    const gather = this.response.gather({ input: ['dtmf'], numDigits: 1, finishOnKey: '', timeout: Math.max(1, timeoutS), actionOnEmptyResult: always, action, method: 'POST' });
    if (spoken) this.speak(gather, spoken);
    return this;
  }

  /** The caller hears ringing, and is answered when somebody answers. */
  dial(targets: readonly DialTarget[], { action, timeoutS, timeLimitS, callerId, recordingCallback, referUrl }: DialOptions): this {
    this.count(800 + 600 * targets.length + 2 * action.length);
    const dial = this.response.dial({
      answerOnBridge: true,
      action,
      method: 'POST',
      ...(timeoutS === undefined ? {} : { timeout: Math.min(600, Math.max(5, timeoutS)) }),
      ...(timeLimitS === undefined ? {} : { timeLimit: Math.min(LONGEST_CALL_S, Math.max(1, timeLimitS)) }),
      ...(callerId === undefined ? {} : { callerId: xmlText(callerId) }),
      ...(recordingCallback === undefined ? {} : { record: 'record-from-answer-dual', recordingStatusCallback: recordingCallback, recordingStatusCallbackMethod: 'POST', recordingStatusCallbackEvent: ['in-progress', 'completed', 'absent'] }),
      ...(referUrl === undefined ? {} : { referUrl, referMethod: 'POST' }),
    });
    for (const target of targets) {
      const told = { statusCallback: target.statusCallback, statusCallbackMethod: 'POST' };
      if ('sip' in target) dial.sip({ ...told, ...target.credentials, statusCallbackEvent: ['initiated', 'ringing', 'answered', 'completed'] }, xmlText(target.sip));
      else dial.number({ ...told, statusCallbackEvent: ['initiated', 'ringing', 'answered', 'completed'] }, xmlText(target.number));
    }
    return this;
  }

  /** Voicemail: the caller alone is recorded. */
  record({ action, recordingCallback, maxSeconds, silenceSeconds, finishOnKey, beep }: RecordOptions): this {
    this.count(600 + action.length + recordingCallback.length);
    this.response.record({
      action,
      method: 'POST',
      maxLength: maxSeconds,
      finishOnKey,
      playBeep: beep,
      timeout: silenceSeconds,
      trim: 'do-not-trim',
      recordingStatusCallback: recordingCallback,
      recordingStatusCallbackMethod: 'POST',
      recordingStatusCallbackEvent: ['completed', 'absent'],
    });
    return this;
  }

  /** Connects the caller with a media stream; what follows comes from `action`, when the stream has ended. */
  stream({ url, leg, action }: { readonly url: string; readonly leg: string; readonly action: string }): this {
    this.count(400 + url.length + action.length);
    const stream = this.response.connect({ action, method: 'POST' }).stream({ url });
    stream.parameter({ name: 'leg', value: xmlText(leg) });
    return this;
  }

  /** Records both sides from here on, beside whatever follows. */
  startRecording(recordingCallback: string): this {
    this.count(300 + recordingCallback.length);
    this.response.start().recording({ channels: 'dual', recordingStatusCallback: recordingCallback, recordingStatusCallbackMethod: 'POST', recordingStatusCallbackEvent: ['in-progress', 'completed', 'absent'] });
    return this;
  }

  play(url: string): this {
    this.count(100 + url.length);
    this.response.play({ loop: 1 }, url);
    return this;
  }

  pause(seconds: number): this {
    this.count(40);
    this.response.pause({ length: Math.max(1, seconds) });
    return this;
  }

  redirect(url: string): this {
    this.count(60 + url.length);
    this.response.redirect({ method: 'POST' }, url);
    return this;
  }

  /** Refuses an unanswered call, unbilled. It does so as the first verb only. */
  reject(reason: 'busy' | 'rejected'): this {
    this.count(40);
    this.response.reject({ reason });
    return this;
  }

  hangup(): this {
    this.count(20);
    this.response.hangup();
    return this;
  }

  toString(): string {
    return this.response.toString();
  }

  private speak(into: Pick<VoiceResponse, 'say'>, { text, voice, language }: Spoken): void {
    for (const part of parts(xmlText(text))) {
      this.count(100 + Buffer.byteLength(part) + ESCAPED_BYTES * (part.match(/[&<>]/g)?.length ?? 0));
      into.say({ voice, language }, part);
    }
  }

  private count(bytes: number): void {
    this.bytes += bytes;
    this.verbs += 1;
  }
}

/** A long text in pieces that end with a sentence, or at least with a word, where there is one. */
function parts(text: string): string[] {
  const found: string[] = [];
  let rest = text.trim();
  while (rest.length > LONGEST_SAY) {
    const head = rest.slice(0, LONGEST_SAY);
    const at = Math.max(head.lastIndexOf('. ') + 1, 0) || head.lastIndexOf(' ');
    // A pair of surrogates must not be torn apart.
    const cut = at > 0 ? at : LONGEST_SAY - (/[\uD800-\uDBFF]$/.test(head) ? 1 : 0);
    found.push(rest.slice(0, cut).trim());
    rest = rest.slice(cut).trim();
  }
  if (rest !== '') found.push(rest);
  return found;
}
