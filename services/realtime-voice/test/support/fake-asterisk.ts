import { ALAW_SILENCE, FRAME_BYTES, FRAME_MS, ULAW_SILENCE } from '@troncal/audio';
import WebSocket from 'ws';

type Queued = { readonly kind: 'frame'; readonly bytes: Buffer } | { readonly kind: 'mark'; readonly id: string };

export interface FakeAsteriskOptions {
  /** MEDIA_START comes this late (asterisk#1712). */
  readonly startAfterMs?: number;
  /** The codec it says in MEDIA_START. */
  readonly format?: string;
}

/**
 * The other end of a media leg with the manners of Asterisk 22.10.1's chan_websocket: pops one frame each 20 ms, drops what doesn't fill a
 * frame, says XOFF at 900 and loses what exceeds 1000, loses text beyond 128 bytes, forgets marks on a flush and keeps a pause through it. A double, because
 * thousands of calls and exact faults are wanted here; the real one is met in the stack's tests.
 */
export class FakeAsterisk {
  /** Frames the caller heard, with the time of each. */
  readonly heard: { readonly atMs: number; readonly bytes: Buffer }[] = [];
  /** What it was told to do, with the number of frames that the caller had heard by then. */
  readonly commands: { readonly atMs: number; readonly name: string; readonly heard: number }[] = [];
  readonly closed: Promise<{ readonly code: number; readonly reason: string }>;
  readonly openedAt = performance.now();
  private queue: Queued[] = [];
  private paused = false;
  private xoff = false;
  private lost = 0;
  private speech: Buffer[] = [];
  private talking = true;
  private standing: 'no' | 'at the next mark' | 'now' = 'no';
  private readonly clock: NodeJS.Timeout;
  private tickedTo = performance.now();
  private readonly silence: Buffer;

  private constructor(
    readonly socket: WebSocket,
    options: FakeAsteriskOptions,
  ) {
    this.silence = Buffer.alloc(FRAME_BYTES, options.format === 'alaw' ? ALAW_SILENCE : ULAW_SILENCE);
    this.closed = new Promise((resolve) => socket.once('close', (code, reason) => resolve({ code, reason: reason.toString() })));
    socket.on('error', () => {});
    socket.on('message', (data: Buffer, isBinary) => (isBinary ? this.takeAudio(data) : this.takeText(data.toString('utf8'))));
    const start = (): void => this.say({ event: 'MEDIA_START', connection_id: 'realtime-voice', channel: 'WebSocket/fake', channel_id: 'fake-channel', format: options.format ?? 'ulaw', optimal_frame_size: FRAME_BYTES, ptime: FRAME_MS, channel_variables: {} });
    socket.once('open', () => setTimeout(start, options.startAfterMs ?? 0));
    // By absolute time: a timer that fires late makes up for it, as Asterisk's timerfd does.
    this.clock = setInterval(() => this.catchUp(), 5);
    void this.closed.then(() => clearInterval(this.clock));
  }

  /** Connects as Asterisk does; rejects with the HTTP status when refused. */
  static async connect(port: number, legId: string, options: FakeAsteriskOptions = {}): Promise<FakeAsterisk> {
    const socket = new WebSocket(`ws://127.0.0.1:${port}/media?leg=${legId}`, ['media']);
    const peer = new FakeAsterisk(socket, options);
    await new Promise<void>((resolve, reject) => {
      socket.once('open', resolve);
      socket.once('unexpected-response', (_, response) => reject(new Error(`refused with ${response.statusCode}`)));
      socket.once('error', reject);
    });
    return peer;
  }

  /** The caller speaks: sent at 20 ms a frame, instead of silence. */
  speak(ulaw: Uint8Array): void {
    for (let at = 0; at < ulaw.length; at += FRAME_BYTES) this.speech.push(Buffer.from(ulaw.subarray(at, at + FRAME_BYTES)));
  }

  /** What the caller has still to say, when another leg takes this one's place: they don't stop speaking for it. */
  unsaid(): Uint8Array {
    return Buffer.concat(this.speech.splice(0));
  }

  /** The caller's stream stops altogether, as with silence suppression. */
  stopStream(): void {
    this.talking = false;
  }

  /** It takes no further frame than those before the next mark, and doesn't say that the mark was reached; until a flush. */
  standStill(): void {
    this.standing = 'at the next mark';
  }

  get standsStill(): boolean {
    return this.standing === 'now';
  }

  /** Resolves when all that was said so far has come to the other end. */
  reached(): Promise<void> {
    return new Promise((resolve) => {
      this.socket.once('pong', () => resolve());
      this.socket.ping();
    });
  }

  press(digit: string): void {
    this.say({ event: 'DTMF_END', channel_id: 'fake-channel', digit });
  }

  say(event: object): void {
    if (this.socket.readyState === WebSocket.OPEN) this.socket.send(JSON.stringify(event));
  }

  hangUp(): void {
    this.socket.close(1000);
  }

  /** All that was heard, as µ-law bytes; from a time on. */
  audio(fromMs = 0): Buffer {
    return Buffer.concat(this.heard.filter((frame) => frame.atMs >= fromMs).map((frame) => frame.bytes));
  }

  get queuedFrames(): number {
    return this.queue.filter((entry) => entry.kind === 'frame').length;
  }

  /** Bytes that Asterisk would have lost. */
  get lostBytes(): number {
    return this.lost;
  }

  private catchUp(): void {
    for (const now = performance.now(); this.tickedTo + FRAME_MS <= now; ) {
      this.tickedTo += FRAME_MS;
      this.tick(this.tickedTo);
    }
  }

  private tick(at: number): void {
    if (this.talking && this.socket.readyState === WebSocket.OPEN) this.socket.send(this.speech.shift() ?? this.silence);
    if (this.paused) return;
    if (this.standing === 'at the next mark' && this.queue[0]?.kind === 'mark') this.standing = 'now';
    if (this.standing === 'now') return;
    while (this.queue[0]?.kind === 'mark') this.say({ event: 'MEDIA_MARK_PROCESSED', channel_id: 'fake-channel', correlation_id: (this.queue.shift() as { id: string }).id });
    const next = this.queue.shift();
    if (next?.kind === 'frame') this.heard.push({ atMs: at, bytes: next.bytes });
    if (this.xoff && this.queuedFrames < 800) {
      this.xoff = false;
      this.say({ event: 'MEDIA_XON', channel_id: 'fake-channel' });
    }
  }

  private takeAudio(data: Buffer): void {
    const whole = data.length - (data.length % FRAME_BYTES);
    this.lost += data.length - whole;
    for (let at = 0; at < whole; at += FRAME_BYTES) {
      if (this.queue.length >= 1_000) this.lost += FRAME_BYTES;
      else this.queue.push({ kind: 'frame', bytes: data.subarray(at, at + FRAME_BYTES) });
    }
    if (!this.xoff && this.queuedFrames >= 900) {
      this.xoff = true;
      this.say({ event: 'MEDIA_XOFF', channel_id: 'fake-channel' });
    }
  }

  private takeText(text: string): void {
    if (Buffer.byteLength(text) > 128) {
      this.lost += text.length;
      return;
    }
    const { command, correlation_id: id } = JSON.parse(text) as { command: string; correlation_id?: string };
    this.commands.push({ atMs: performance.now(), name: command, heard: this.heard.length });
    if (command === 'FLUSH_MEDIA') [this.queue, this.standing] = [[], 'no'];
    if (command === 'PAUSE_MEDIA') this.paused = true;
    if (command === 'CONTINUE_MEDIA') this.paused = false;
    if (command === 'MARK_MEDIA' && this.queue.length < 1_000) this.queue.push({ kind: 'mark', id: id ?? '' });
  }
}
