import { randomBytes } from 'node:crypto';
import { ALLOW, contactHeader, USER_AGENT, type CallHost } from './call-host.js';
import type { CallEnd, CallEvent } from './call-end.js';
import { q850Of } from './call-end.js';
import { CallMedia, type CallMediaOptions } from './call-media.js';
import { CallWaiting } from './call-waiting.js';
import type { Dialog } from './dialog.js';
import type { Heard } from './heard.js';
import type { Played } from './rtp-sender.js';
import type { DigitHeard } from './rtp-session.js';
import { Referral, REFERRED } from './referral.js';
import { header, type SipHeader, type SipRequest, type SipResponse } from './sip-message.js';
import { SdpError, SipRejectedError } from './sip-phone.errors.js';
import { giveUpAfter } from './sip-timers.js';
import type { ServerTransaction } from './server-transaction.js';
import type { ClientTransaction } from './client-transaction.js';
import { parseNameAddress, type HostPort } from './sip-address.js';

/** Moments of a call, ms of performance.now(). */
export interface CallTimes {
  /** When the INVITE was sent, or arrived. */
  readonly invitedAtMs: number;
  readonly ringingAtMs?: number;
  readonly answeredAtMs?: number;
  readonly endedAtMs?: number;
}

const NO_PLACE: HostPort = { host: '127.0.0.1', port: 9 };
/** After the deadline of a wait that has none of its own, ms. */
const DEFAULT_WAIT_MS = 10_000;
const CLOSING_MS = 5000;

/** A call, either way. What differs before the answer is in OutgoingCall and IncomingCall. */
export abstract class SipCall {
  readonly localTag = randomBytes(6).toString('hex');
  abstract readonly callId: string;
  /** The other side's address as its header says it: From of an incoming call, the target of an outgoing one. */
  abstract readonly remoteAddress: string;
  protected dialog: Dialog | undefined;
  protected lastResponse: SipResponse | undefined;
  protected readonly waiting: CallWaiting;
  private ringingAtMs: number | undefined;
  private answeredAtMs: number | undefined;
  private end: CallEnd | undefined;
  /** Settles when the call's sockets are free; set by its end. */
  released: Promise<void> = Promise.resolve();
  private heldBefore = false;
  private reinviting = false;
  private media_: CallMedia | undefined;
  private readonly listeners = new Set<(event: CallEvent) => void>();
  private readonly ears = new Set<(ulaw: Uint8Array) => void>();
  private readonly referral = new Referral();

  protected constructor(
    protected readonly host: CallHost,
    private readonly onEnded: (call: SipCall) => void,
    protected invitedAtMs = performance.now(),
  ) {
    this.waiting = new CallWaiting(() => this.facts());
  }

  get times(): CallTimes {
    return {
      invitedAtMs: this.invitedAtMs,
      ...(this.ringingAtMs === undefined ? {} : { ringingAtMs: this.ringingAtMs }),
      ...(this.answeredAtMs === undefined ? {} : { answeredAtMs: this.answeredAtMs }),
      ...(this.end === undefined ? {} : { endedAtMs: this.end.atMs }),
    };
  }

  get isAnswered(): boolean {
    return this.answeredAtMs !== undefined;
  }

  /** How it ended; undefined while it lasts. */
  get callEnd(): CallEnd | undefined {
    return this.end;
  }

  /** The user part of the other side's address: its extension or number. */
  get remoteUser(): string | undefined {
    return /^sips?:([^@;]+)@/i.exec(parseNameAddress(this.remoteAddress)?.uri ?? this.remoteAddress)?.[1];
  }

  /** All that was heard, with waits for tones, voice and silence. */
  get heard(): Heard {
    return this.media.heard;
  }

  /** Keys that came as telephone events, in order. */
  get digitsHeard(): readonly DigitHeard[] {
    return this.media.digitsHeard;
  }

  /** Whether the other side has put this one on hold. */
  get isHeld(): boolean {
    return this.media.heldByRemote;
  }

  get codec(): string | undefined {
    return this.media.codec;
  }

  /** RTP sent and received so far. */
  get statistics(): ReturnType<CallMedia['statistics']> {
    return this.media.statistics();
  }

  /** Calls back for each event from now on; returns what takes it off again. Throwing in it breaks nothing but the listener. */
  onEvent(listener: (event: CallEvent) => void): () => void {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  }

  /** Hands on each packet of audio as it arrives, as µ-law, from now on; returns what takes it off again. */
  onUlaw(ear: (ulaw: Uint8Array) => void): () => void {
    this.ears.add(ear);
    return () => this.ears.delete(ear);
  }

  /** Who decides when the other side sends this one elsewhere (REFER): whether it goes. Without one a REFER is refused. */
  onRefer(decide: (target: string) => boolean): void {
    this.referral.decide = decide;
  }

  /** Sends the other side elsewhere. Resolves with the SIP status of how that went: of its own call there, or of the refusal of the REFER. */
  async refer(target: string): Promise<number> {
    const { dialog } = this;
    if (dialog === undefined || this.end !== undefined) throw new SdpError('only an answered call can be referred');
    const outcome = this.referral.begin();
    const make = (authorization: readonly SipHeader[]): SipRequest => dialog.request('REFER', [contactHeader(this.host.identity), ['Refer-To', `<${target}>`], USER_AGENT, ...authorization]);
    const { response } = await this.host.transactions.request(make, this.destination(dialog), this.host.identity.credentials);
    return response.status >= 300 ? response.status : outcome;
  }

  /** Waits until the call is answered; rejects with CallWaitError when it ends before. Deadline 10 s unless told. */
  answered(options: { readonly timeoutMs?: number } = {}): Promise<{ readonly atMs: number }> {
    return this.waiting.until('waiting for the answer', options.timeoutMs ?? DEFAULT_WAIT_MS, () => (this.answeredAtMs === undefined ? undefined : { atMs: this.answeredAtMs }));
  }

  /** Waits until it rings (180 or 183), or is answered without. */
  ringing(options: { readonly timeoutMs?: number } = {}): Promise<{ readonly atMs: number }> {
    const ringing = (): { atMs: number } | undefined => {
      const atMs = this.ringingAtMs ?? this.answeredAtMs;
      return atMs === undefined ? undefined : { atMs };
    };
    return this.waiting.until('waiting for ringing', options.timeoutMs ?? DEFAULT_WAIT_MS, ringing);
  }

  /** Waits until the call is over. */
  ended(options: { readonly timeoutMs?: number } = {}): Promise<CallEnd> {
    return this.waiting.until('waiting for the end of the call', options.timeoutMs ?? DEFAULT_WAIT_MS, () => this.end);
  }

  /** Waits until so many keys have been heard; gives all of them in a row. */
  digits(count: number, options: { readonly timeoutMs?: number } = {}): Promise<string> {
    return this.waiting.until(`waiting for ${count} digits`, options.timeoutMs ?? DEFAULT_WAIT_MS, () => {
      const heard = this.digitsHeard.map((each) => each.digit).join('');
      return heard.length >= count ? heard : undefined;
    });
  }

  /** Plays µ-law bytes or 8 kHz samples after what is playing already; settles when the last frame is over. */
  play(audio: Uint8Array | Int16Array): Promise<Played> {
    return this.media.play(audio);
  }

  /** Plays a tone, or several at once. `level` in dBFS of each, -15 unless told. */
  playTone(hz: number | readonly number[], ms: number, level?: number): Promise<Played> {
    return this.media.playTone(hz, ms, level);
  }

  /** Falls silent. */
  stopPlaying(): void {
    this.media.stopPlaying();
  }

  /** Dials keys as telephone events (RFC 4733). Throws RangeError for what is no key, SdpError when the other side takes no such events. */
  async sendDigits(digits: string, options: { readonly durationMs?: number; readonly gapMs?: number } = {}): Promise<Played> {
    return this.media.sendDigits(digits, options.durationMs ?? 100, options.gapMs ?? 100);
  }

  /** Puts the other side on hold by a re-INVITE; rejects with SipRejectedError when it is refused. */
  async hold(): Promise<void> {
    await this.reinvite('sendonly');
  }

  async resume(): Promise<void> {
    await this.reinvite('sendrecv');
  }

  /** Ends the call whatever its state, and resolves when the other side knows or can't be reached. A call that is over stays as it ended. */
  async hangup(): Promise<CallEnd> {
    if (this.end === undefined) {
      if (this.dialog === undefined) await this.giveUp();
      else await this.bye(this.dialog, { by: 'local', reason: 'hung up here' });
    }
    return this.ended({ timeoutMs: CLOSING_MS });
  }

  /** Ends the call here without a word to the other side; called by a phone that closes. */
  abandon(reason: string): void {
    this.finish({ by: 'local', reason });
  }

  /** A request inside the dialog; called by the phone. */
  receive(transaction: ServerTransaction): void {
    const { request } = transaction;
    if (this.dialog?.accepts(request) === false) transaction.respond(500, { headers: [['Retry-After', '1']] });
    else if (request.method === 'BYE') this.receiveBye(transaction);
    else if (request.method === 'INVITE') this.receiveReinvite(transaction);
    else if (request.method === 'REFER' && this.referral.decide !== undefined) this.receiveRefer(transaction, this.referral.decide);
    else if (['OPTIONS', 'INFO', 'NOTIFY', 'MESSAGE'].includes(request.method)) {
      transaction.respond(200, { headers: [ALLOW] });
      this.referral.notice(request);
    }
    else transaction.respond(405, { headers: [ALLOW] });
  }

  /** Whether a request with a To tag belongs here. */
  matches(callId: string | undefined, toTag: string | undefined): boolean {
    return this.end === undefined && callId === this.callId && toTag === this.localTag;
  }

  /** Ends a call that isn't answered yet. */
  protected abstract giveUp(): Promise<void>;

  /** What the last INVITE's transaction must be told when a BYE overtakes it. */
  protected abstract abandonInvite(): void;

  protected get media(): CallMedia {
    if (this.media_ === undefined) throw new Error('the call has no media yet');
    return this.media_;
  }

  protected async openMedia(options: CallMediaOptions): Promise<void> {
    this.media_ = await CallMedia.open(options, this.waiting, {
      onDigit: ({ digit, atMs }) => this.tell({ kind: 'digit', digit, atMs }),
      onUlaw: (ulaw) => {
        for (const ear of this.ears) ear(ulaw);
      },
    });
  }

  protected markRinging(sipStatus: number): void {
    if (this.ringingAtMs !== undefined || this.answeredAtMs !== undefined) return;
    this.ringingAtMs = performance.now();
    this.tell({ kind: 'ringing', atMs: this.ringingAtMs, sipStatus });
  }

  protected markAnswered(dialog: Dialog): void {
    if (this.end !== undefined || this.answeredAtMs !== undefined) return;
    this.dialog = dialog;
    this.answeredAtMs = performance.now();
    this.media.start();
    this.tell({ kind: 'answered', atMs: this.answeredAtMs });
  }

  /** The call is over: sockets closed, waits settled. Only the first end counts. */
  protected finish(end: Omit<CallEnd, 'atMs'>): void {
    if (this.end !== undefined) return;
    this.end = { ...end, atMs: performance.now() };
    this.released = this.media_?.close() ?? Promise.resolve();
    this.onEnded(this);
    this.referral.end();
    this.tell({ kind: 'ended', ...this.end });
    this.waiting.end(`the call is over (${end.by}: ${end.sipStatus ?? ''} ${end.reason})`);
  }

  /** Ends the dialog; the call is over here at once, and the promise settles when the other side has answered or can't. */
  protected async bye(dialog: Dialog, end: Omit<CallEnd, 'atMs'>): Promise<void> {
    const make = (authorization: readonly SipHeader[]): SipRequest => dialog.request('BYE', [USER_AGENT, ...authorization]);
    const sent = this.host.transactions.request(make, this.destination(dialog), this.host.identity.credentials);
    this.finish(end);
    await sent.catch(() => undefined);
  }

  /** Acknowledges each success to an INVITE of ours, whenever it comes. */
  protected acknowledge(dialog: Dialog, transaction: ClientTransaction): void {
    this.host.transactions.sendAck(dialog.ack(transaction.request), this.destination(dialog));
  }

  protected destination(dialog: Dialog): HostPort {
    return dialog.destination(this.host.identity.registrar ?? NO_PLACE);
  }

  protected get giveUpMs(): number {
    return giveUpAfter(this.host.transactions.timers);
  }

  private tell(event: CallEvent): void {
    for (const listener of this.listeners) {
      try {
        listener(event);
      } catch (error) {
        process.emitWarning(`a listener of call ${this.callId} threw: ${String(error)}`);
      }
    }
    this.waiting.look();
  }

  private receiveRefer(transaction: ServerTransaction, decide: (target: string) => boolean): void {
    const target = parseNameAddress(header(transaction.request, 'Refer-To') ?? '')?.uri;
    const goes = target !== undefined && decide(target);
    transaction.respond(goes ? 202 : 603, { headers: [contactHeader(this.host.identity), ALLOW] });
    const { dialog } = this;
    if (!goes || dialog === undefined) return;
    const notify = dialog.request('NOTIFY', [contactHeader(this.host.identity), ...REFERRED], 'SIP/2.0 200 OK\r\n');
    this.host.transactions.start(notify, this.destination(dialog));
  }

  private receiveBye(transaction: ServerTransaction): void {
    transaction.respond(200);
    this.abandonInvite();
    this.finish({ by: 'remote', reason: 'hung up by the other side', ...q850Of(transaction.request) });
  }

  private receiveReinvite(transaction: ServerTransaction): void {
    if (this.reinviting || !this.isAnswered) {
      transaction.respond(491);
      return;
    }
    const { body } = transaction.request;
    try {
      const sdp = body === '' ? this.media.offer() : this.media.answer(body);
      // An INVITE with no offer gets ours in the answer, and its own answer comes with the ACK.
      transaction.onAck = (ack) => this.takeAckAnswer(body === '' ? ack.body : '');
      transaction.respond(200, { headers: [contactHeader(this.host.identity), ALLOW, ['Content-Type', 'application/sdp']], body: sdp });
    } catch (error) {
      if (!(error instanceof SdpError)) throw error;
      transaction.respond(488);
    }
    this.noticeHold();
  }

  /** The answer that an ACK carries when the offer was ours. */
  protected takeAckAnswer(sdp: string): void {
    if (sdp === '') return;
    try {
      this.media.takeAnswer(sdp);
    } catch (error) {
      if (!(error instanceof SdpError)) throw error;
      if (this.dialog !== undefined) this.bye(this.dialog, { by: 'failed', reason: error.message }).catch(() => undefined);
    }
  }

  private noticeHold(): void {
    if (this.isHeld === this.heldBefore) return;
    this.heldBefore = this.isHeld;
    this.tell({ kind: this.isHeld ? 'held' : 'resumed', atMs: performance.now() });
  }

  private async reinvite(direction: 'sendonly' | 'sendrecv'): Promise<void> {
    const { dialog } = this;
    if (dialog === undefined || this.end !== undefined) throw new SdpError('only an answered call can be put on hold');
    this.reinviting = true;
    try {
      const sdp = this.media.offer(direction);
      const make = (authorization: readonly SipHeader[]): SipRequest => dialog.request('INVITE', [contactHeader(this.host.identity), ALLOW, USER_AGENT, ['Content-Type', 'application/sdp'], ...authorization], sdp);
      const { response } = await this.host.transactions.request(make, this.destination(dialog), this.host.identity.credentials, {
        onTransaction: (transaction) => {
          transaction.onSuccess = (success) => {
            dialog.refreshTarget(success);
            this.acknowledge(dialog, transaction);
          };
        },
      });
      if (response.status >= 300) throw new SipRejectedError('re-INVITE', response.status, response.reason);
      this.media.takeAnswer(response.body);
      this.noticeHold();
    } finally {
      this.reinviting = false;
    }
  }

  /** For the messages of failed waits. */
  private facts(): string {
    const { lastResponse, end } = this;
    const heard = this.media_?.heard;
    const last = lastResponse === undefined ? 'no SIP response' : `last SIP response ${lastResponse.status} ${lastResponse.reason}`;
    const frames = heard === undefined || heard.frameCount === 0 ? 'no audio frame heard' : `${heard.frameCount} audio frames heard, ${heard.firstAudioAt === undefined ? 'all silent' : 'not all silent'}, last ${heard.summary()}`;
    return `${last}, ${end === undefined ? (this.isAnswered ? 'call answered' : 'call not answered') : 'call over'}, ${frames}`;
  }
}
