import { FRAME_BYTES, FRAME_MS, ULAW_SILENCE } from '@troncal/audio';
import { rfc2822 } from '../../wire/page.js';
import { newSid } from '../../wire/sid.js';
import type { Call } from '../calls/call.js';
import { Player } from '../media/player.js';
import type { Plane } from '../plane.js';
import { placeOf } from '../voice-settings.js';
import { twilioSignature } from '../webhooks/signature.js';
import { readStreamMessage } from './stream-messages.js';
import type { StreamWish } from './stream-wish.js';

/** How a stream ended: the other server closed it, the call or its TwiML did, or it never came about. */
export type StreamEnd = 'closed' | 'stopped' | 'failed';

const SILENCE = new Uint8Array(FRAME_BYTES).fill(ULAW_SILENCE);
/** Frames that wait for their time at most; what is older is dropped. */
const MAX_QUEUED = 10;
const CONNECT_MS = 5_000;
/** Audio that waits to be heard; what comes beyond it is dropped. */
const MAX_WAITING_MS = 10 * 60_000;

interface Track {
  readonly name: 'inbound' | 'outbound';
  readonly queue: Uint8Array[];
  chunk: number;
}

/** Twilio's Media Streams: the call's audio over a WebSocket in frames of 20 ms, and with <Connect> what comes back to the call's ear. */
export class MediaStream {
  readonly sid = newSid('MZ');
  /** Settles at its end. */
  readonly ended: Promise<StreamEnd>;
  private finish: (end: StreamEnd) => void = () => undefined;
  private readonly socket: WebSocket;
  private readonly tracks: readonly Track[];
  private readonly undo: (() => void)[] = [];
  private readonly voice: Player;
  private timer: NodeJS.Timeout | undefined;
  private sequence = 0;
  private startedAt = 0;
  private state: 'connecting' | 'open' | 'over' = 'connecting';
  /** Marks whose audio isn't over. */
  private marks: string[] = [];

  constructor(
    private readonly plane: Plane,
    private readonly call: Call,
    readonly wish: StreamWish,
  ) {
    this.ended = new Promise((resolve) => (this.finish = resolve));
    this.tracks = wish.tracks.map((name) => ({ name, queue: [], chunk: 0 }));
    this.voice = new Player((ulaw) => call.send(ulaw));
    const headers = { 'x-twilio-signature': twilioSignature(call.facts.account.identity.authToken, wish.url), 'user-agent': 'Twilio.TmeWs/1.0 (SIMULATED)' };
    this.socket = new WebSocket(placeOf(plane.settings, wish.url), { headers });
    const connecting = setTimeout(() => this.fail(31901, 'Stream - WebSocket - Connection Timeout'), CONNECT_MS);
    const stop = (): void => this.stop();
    call.over.addEventListener('abort', stop, { once: true });
    this.undo.push(() => clearTimeout(connecting), () => call.over.removeEventListener('abort', stop));
    this.socket.addEventListener('open', () => {
      clearTimeout(connecting);
      this.begin();
    });
    this.socket.addEventListener('message', ({ data }) => this.receive(data));
    this.socket.addEventListener('close', () => (this.state === 'connecting' ? this.fail(31920, 'Stream - WebSocket - Handshake Error') : this.over('closed')));
    this.socket.addEventListener('error', () => undefined);
  }

  /** Ends it from Twilio's side. */
  stop(): void {
    if (this.state === 'open') this.send({ event: 'stop', stop: { accountSid: this.call.facts.account.sid, callSid: this.call.sid } });
    this.over('stopped');
  }

  private begin(): void {
    if (this.state !== 'connecting') return;
    this.state = 'open';
    this.startedAt = performance.now();
    const { call, wish } = this;
    this.socket.send(JSON.stringify({ event: 'connected', protocol: 'Call', version: '1.0.0' }));
    this.send({
      event: 'start',
      start: {
        accountSid: call.facts.account.sid,
        streamSid: this.sid,
        callSid: call.sid,
        tracks: wish.tracks,
        mediaFormat: { encoding: 'audio/x-mulaw', sampleRate: 8_000, channels: 1 },
        customParameters: wish.parameters,
      },
    });
    this.tell('stream-started');
    for (const track of this.tracks) this.undo.push((track.name === 'inbound' ? call.onAudio : call.onVoice)((ulaw) => push(track, ulaw)));
    if (wish.isBidirectional) this.undo.push(call.onDigit((digit) => this.send({ event: 'dtmf', dtmf: { track: 'inbound_track', digit } })));
    this.pace(0);
  }

  /** A frame of each track every 20 ms, by a clock that doesn't drift: silence where nothing was heard. */
  private pace(frame: number): void {
    let next = frame;
    for (const now = performance.now(); this.startedAt + next * FRAME_MS <= now; next += 1) {
      for (const track of this.tracks) this.sendFrame(track, next * FRAME_MS);
    }
    this.timer = setTimeout(() => this.pace(next), Math.max(0, this.startedAt + next * FRAME_MS - performance.now()));
  }

  private sendFrame(track: Track, timestampMs: number): void {
    track.chunk += 1;
    const payload = Buffer.from(track.queue.shift() ?? SILENCE).toString('base64');
    this.send({ event: 'media', media: { track: track.name, chunk: String(track.chunk), timestamp: String(timestampMs), payload } });
  }

  private send(message: Readonly<Record<string, unknown>>): void {
    if (this.state !== 'open') return;
    this.sequence += 1;
    this.socket.send(JSON.stringify({ ...message, sequenceNumber: String(this.sequence), streamSid: this.sid }));
  }

  private receive(data: unknown): void {
    if (this.state !== 'open' || !this.wish.isBidirectional) return;
    const message = readStreamMessage(data);
    if ('code' in message) return this.warn(message.code, message.text);
    if (message.streamSid !== this.sid) return this.warn(31951, `Stream - Protocol - Invalid Message: streamSid ${message.streamSid}`);
    if (message.event === 'mark') this.mark(message.mark.name);
    else if (message.event === 'clear') this.clear();
    else if (this.voice.queuedMs >= MAX_WAITING_MS) this.warn(31931, `Stream - Media - Media Discarded: ${MAX_WAITING_MS / 60_000} minutes wait already`);
    else void this.voice.play(Buffer.from(message.media.payload, 'base64'));
  }

  /** Told back when all that came before it is heard. */
  private mark(name: string): void {
    this.marks.push(name);
    const told = (): void => {
      const at = this.marks.indexOf(name);
      if (at < 0) return;
      this.marks.splice(at, 1);
      this.send({ event: 'mark', mark: { name } });
    };
    if (!this.voice.isPlaying) return told();
    void this.voice.afterAll().then((complete) => complete && told());
  }

  /** What waits isn't heard any more; its marks are told at once. */
  private clear(): void {
    this.voice.stop();
    for (const name of this.marks.splice(0)) this.send({ event: 'mark', mark: { name } });
  }

  private fail(code: number, text: string): void {
    if (this.state !== 'connecting') return;
    this.warn(code, `${text}: ${this.wish.url}`);
    this.tell('stream-error', { StreamError: text, ErrorCode: String(code) });
    this.over('failed');
  }

  private over(end: StreamEnd): void {
    if (this.state === 'over') return;
    const wasOpen = this.state === 'open';
    this.state = 'over';
    clearTimeout(this.timer);
    for (const each of this.undo) each();
    this.voice.stop();
    if (this.socket.readyState <= WebSocket.OPEN) this.socket.close();
    if (wasOpen) this.tell('stream-stopped');
    this.finish(end);
  }

  private warn(code: number, text: string): void {
    this.plane.alerts.note(this.call.facts.account, code, text, { resourceSid: this.call.sid, url: this.wish.url });
  }

  private tell(event: string, more: Readonly<Record<string, string>> = {}): void {
    const { status, name } = this.wish;
    const { account } = this.call.facts;
    if (status === undefined) return;
    const stream = { StreamSid: this.sid, StreamName: name ?? this.sid, StreamEvent: event, Timestamp: rfc2822(new Date()) };
    const parameters = { AccountSid: account.sid, CallSid: this.call.sid, ...stream, ...more };
    this.plane.callbacks.send({ account, callSid: this.call.sid, why: 'stream', ...status, parameters });
  }
}

function push({ queue }: Track, ulaw: Uint8Array): void {
  queue.push(ulaw);
  if (queue.length > MAX_QUEUED) queue.shift();
}
