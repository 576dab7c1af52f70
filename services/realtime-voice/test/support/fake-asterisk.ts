import { ALAW_SILENCE, FRAME_BYTES, FRAME_MS, ULAW_SILENCE } from '@troncal/audio';
import WebSocket from 'ws';
import { FakeFarEnd } from './fake-far-end.js';

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
export class FakeAsterisk extends FakeFarEnd {
  private paused = false;
  private xoff = false;
  private lost = 0;
  private talking = true;
  private readonly silence: Buffer;

  private constructor(socket: WebSocket, options: FakeAsteriskOptions) {
    super(socket);
    this.silence = Buffer.alloc(FRAME_BYTES, options.format === 'alaw' ? ALAW_SILENCE : ULAW_SILENCE);
    socket.on('message', (data: Buffer, isBinary) => (isBinary ? this.takeAudio(data) : this.takeText(data.toString('utf8'))));
    const start = (): void => this.say({ event: 'MEDIA_START', connection_id: 'realtime-voice', channel: 'WebSocket/fake', channel_id: 'fake-channel', format: options.format ?? 'ulaw', optimal_frame_size: FRAME_BYTES, ptime: FRAME_MS, channel_variables: {} });
    socket.once('open', () => setTimeout(start, options.startAfterMs ?? 0));
  }

  /** Connects as Asterisk does; rejects with the HTTP status when refused. */
  static async connect(port: number, legId: string, options: FakeAsteriskOptions = {}): Promise<FakeAsterisk> {
    const peer = new FakeAsterisk(new WebSocket(`ws://127.0.0.1:${port}/media?leg=${legId}`, ['media']), options);
    await peer.opened();
    return peer;
  }

  /** The caller's stream stops altogether, as with silence suppression. */
  stopStream(): void {
    this.talking = false;
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

  /** Bytes that Asterisk would have lost. */
  get lostBytes(): number {
    return this.lost;
  }

  protected tick(at: number): void {
    if (this.talking && this.socket.readyState === WebSocket.OPEN) this.socket.send(this.speech.shift() ?? this.silence);
    if (this.paused) return;
    this.hear(at);
    if (this.xoff && this.queuedFrames < 800) {
      this.xoff = false;
      this.say({ event: 'MEDIA_XON', channel_id: 'fake-channel' });
    }
  }

  protected markReached(name: string): void {
    this.say({ event: 'MEDIA_MARK_PROCESSED', channel_id: 'fake-channel', correlation_id: name });
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
    if (command === 'MARK_MEDIA' && this.queue.length < 1_000) this.queue.push({ kind: 'mark', name: id ?? '' });
  }
}
