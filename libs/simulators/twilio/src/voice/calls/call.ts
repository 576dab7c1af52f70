import type { Account } from '../../accounts/account.js';
import { newSid } from '../../wire/sid.js';
import type { Line, LineEnd } from '../lines/line.js';
import { Player } from '../media/player.js';
import type { Parameters } from '../webhooks/signature.js';

export type CallStatus = 'queued' | 'initiated' | 'ringing' | 'in-progress' | 'completed' | 'busy' | 'failed' | 'no-answer' | 'canceled';
export type CallDirection = 'inbound' | 'outbound-api' | 'outbound-dial';
export type CallProgress = 'initiated' | 'ringing' | 'answered' | 'completed';

/** Words or a piece of audio that were played to a call. */
export interface Said {
  readonly at: string;
  readonly verb: 'Say' | 'Play';
  /** The words, or the address of the audio. */
  readonly text: string;
  readonly language?: string;
  readonly voice?: string;
}

export interface CallFacts {
  readonly account: Account;
  readonly direction: CallDirection;
  readonly from: string;
  readonly to: string;
  readonly parent?: Call;
  readonly phoneNumberSid?: string;
  /** Sent with every webhook of the call: SipDomain, StirVerstat, CallerName… */
  readonly extra?: Parameters;
  /** Where TwiML is asked for when it couldn't be had. */
  readonly fallback?: { readonly url: string; readonly method: 'GET' | 'POST' };
}

const API_VERSION = '2010-04-01';
const ENDED: ReadonlySet<CallStatus> = new Set(['completed', 'busy', 'failed', 'no-answer', 'canceled']);

/** One leg with its CallSid: its line, its state, and what was said and heard on it. */
export class Call {
  readonly sid = newSid('CA');
  readonly createdAt = new Date();
  status: CallStatus;
  answeredAt: Date | undefined;
  endedAt: Date | undefined;
  /** SIP status of an end before the answer. */
  sipStatus: number | undefined;
  /** What went wrong, when something did. */
  trouble: string | undefined;
  /** As Twilio has rated it: below 0; null until then. */
  price: string | null = null;
  readonly said: Said[] = [];
  readonly digits: string[] = [];
  /** Plays to the line. */
  readonly player = new Player((ulaw) => this.send(ulaw));
  /** What is done with the target of the far end's REFER: whether the call goes there. */
  onRefer: (target: string) => boolean = () => false;
  private readonly ended = new AbortController();
  private readonly audioEars = new Set<(ulaw: Uint8Array) => void>();
  private readonly voiceEars = new Set<(ulaw: Uint8Array) => void>();
  private readonly digitEars = new Set<(digit: string) => void>();
  private readonly progressEars = new Set<(progress: CallProgress) => void>();
  private readonly saidEars = new Set<(said: Said) => void>();
  private readonly takenEars = new Set<(call: Call) => void>();

  constructor(
    readonly facts: CallFacts,
    readonly line: Line,
  ) {
    this.status = facts.direction === 'inbound' ? 'ringing' : 'queued';
    line.listen({
      onRinging: () => this.advance('ringing', 'ringing'),
      onAnswered: () => this.noteAnswer(),
      onAudio: (ulaw) => tell(this.audioEars, ulaw),
      onDigit: (digit) => {
        this.digits.push(digit);
        tell(this.digitEars, digit);
      },
      onEnded: (end) => this.finish(statusOf(end, this.answeredAt !== undefined), end.sipStatus),
      onRefer: (target) => this.onRefer(target),
    });
  }

  get isOver(): boolean {
    return ENDED.has(this.status);
  }

  get isAnswered(): boolean {
    return this.answeredAt !== undefined;
  }

  /** Aborted when the call is over. */
  get over(): AbortSignal {
    return this.ended.signal;
  }

  get durationS(): number {
    return this.answeredAt === undefined ? 0 : Math.max(1, Math.ceil(((this.endedAt ?? new Date()).getTime() - this.answeredAt.getTime()) / 1_000));
  }

  /** What every webhook about the call carries. */
  get parameters(): Parameters {
    const { account, direction, from, to, parent, extra = {} } = this.facts;
    return {
      CallSid: this.sid,
      AccountSid: account.sid,
      From: from,
      To: to,
      Caller: from,
      Called: to,
      CallStatus: this.status,
      Direction: direction,
      ApiVersion: API_VERSION,
      ...(parent === undefined ? {} : { ParentCallSid: parent.sid }),
      ...extra,
    };
  }

  /** Takes a call that came in; nothing when that is done already. */
  async answer(): Promise<void> {
    if (this.isAnswered || this.isOver) return;
    await this.line.answer();
    this.noteAnswer();
  }

  /** Refuses a call that came in, or ends it with trouble. */
  refuse(status: 'busy' | 'failed' | 'no-answer', sipStatus: number): void {
    if (this.isOver) return;
    if (this.isAnswered) this.line.hangUp();
    else this.line.refuse(sipStatus);
    this.finish(status, sipStatus);
  }

  /** Ends it, whatever its state. */
  hangUp(unanswered: CallStatus = 'canceled'): void {
    if (this.isOver) return;
    this.line.hangUp();
    this.finish(this.isAnswered ? 'completed' : unanswered);
  }

  /** Sends what comes from somewhere else than its player. */
  send(ulaw: Uint8Array): void {
    this.line.send(ulaw);
    tell(this.voiceEars, ulaw);
  }

  say(said: Omit<Said, 'at'>): void {
    const whole = { at: new Date().toISOString(), ...said };
    this.said.push(whole);
    tell(this.saidEars, whole);
  }

  /** Whoever is connected with it lets go of it: it gets TwiML of its own. */
  takeOver(): void {
    tell(this.takenEars, this);
  }

  begin(): void {
    this.advance('initiated', 'initiated');
  }

  /** Audio of the far end. Each of these returns what takes the listener off. */
  readonly onAudio = (ear: (ulaw: Uint8Array) => void): (() => void) => added(this.audioEars, ear);
  /** Audio to the far end. */
  readonly onVoice = (ear: (ulaw: Uint8Array) => void): (() => void) => added(this.voiceEars, ear);
  readonly onDigit = (ear: (digit: string) => void): (() => void) => added(this.digitEars, ear);
  readonly onProgress = (ear: (progress: CallProgress) => void): (() => void) => added(this.progressEars, ear);
  readonly onTaken = (ear: (call: Call) => void): (() => void) => added(this.takenEars, ear);
  readonly onSaid = (ear: (said: Said) => void): (() => void) => added(this.saidEars, ear);

  private noteAnswer(): void {
    if (this.isOver || this.isAnswered) return;
    this.answeredAt = new Date();
    this.advance('in-progress', 'answered');
  }

  private advance(status: CallStatus, progress: CallProgress): void {
    if (this.isOver || (progress === 'ringing' && (this.isAnswered || this.status === 'ringing'))) return;
    this.status = status;
    tell(this.progressEars, progress);
  }

  private finish(status: CallStatus, sipStatus?: number): void {
    if (this.isOver) return;
    this.status = status;
    this.sipStatus = sipStatus;
    this.endedAt = new Date();
    this.player.stop();
    tell(this.progressEars, 'completed');
    this.ended.abort();
  }
}

function statusOf({ reason }: LineEnd, wasAnswered: boolean): CallStatus {
  if (reason === 'hung-up') return wasAnswered ? 'completed' : 'canceled';
  return wasAnswered ? 'completed' : reason;
}

function added<T>(ears: Set<T>, ear: T): () => void {
  ears.add(ear);
  return () => void ears.delete(ear);
}

function tell<T>(ears: ReadonlySet<(what: T) => void>, what: T): void {
  for (const ear of ears) ear(what);
}
