import { FRAME_BYTES, FRAME_MS, hearsTone } from '@troncal/audio';
import { eventually } from '@troncal/testing';
import type WebSocket from 'ws';

/** Of any greeting more than these are heard. */
const GREETING_FRAMES = 30;
const SPOKEN_WITHIN_MS = 20_000;

/** A frame to be played, or a mark between frames. */
export type Queued = { readonly kind: 'frame'; readonly bytes: Buffer } | { readonly kind: 'mark'; readonly name: string };

/** The far end of a media leg, whatever is spoken on it: a caller who speaks and hears 20 ms at a time, and what waits to be heard. */
export abstract class FakeFarEnd {
  /** Frames the caller heard, with the time of each. */
  readonly heard: { readonly atMs: number; readonly bytes: Buffer }[] = [];
  /** What it was told to do, with the number of frames that the caller had heard by then. */
  readonly commands: { readonly atMs: number; readonly name: string; readonly heard: number }[] = [];
  readonly closed: Promise<{ readonly code: number; readonly reason: string }>;
  readonly openedAt = performance.now();
  protected queue: Queued[] = [];
  protected speech: Buffer[] = [];
  protected standing: 'no' | 'at the next mark' | 'now' = 'no';
  private readonly clock: NodeJS.Timeout;
  private tickedTo = performance.now();

  constructor(readonly socket: WebSocket) {
    this.closed = new Promise((resolve) => socket.once('close', (code, reason) => resolve({ code, reason: reason.toString() })));
    socket.on('error', () => {});
    // By absolute time: a timer that fires late makes up for it, as Asterisk's timerfd does.
    this.clock = setInterval(() => this.catchUp(), 5);
    void this.closed.then(() => clearInterval(this.clock));
  }

  /** Resolves when it is open; rejects with the HTTP status when the upgrade is refused. */
  protected opened(): Promise<void> {
    return new Promise((resolve, reject) => {
      this.socket.once('open', resolve);
      this.socket.once('unexpected-response', (_, response) => reject(new Error(`refused with ${response.statusCode}`)));
      this.socket.once('error', reject);
    });
  }

  /** The caller speaks: sent at 20 ms a frame, instead of silence. */
  speak(ulaw: Uint8Array): void {
    for (let at = 0; at < ulaw.length; at += FRAME_BYTES) this.speech.push(Buffer.from(ulaw.subarray(at, at + FRAME_BYTES)));
  }

  /** What the caller has still to say, when another leg takes this one's place: they don't stop speaking for it. */
  unsaid(): Uint8Array {
    return Buffer.concat(this.speech.splice(0));
  }

  /** It plays no further frame than those before the next mark, and doesn't tell that the mark was reached; until what waits is dropped. */
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

  /** All that was heard, as µ-law bytes; from a time on. */
  audio(fromMs = 0): Buffer {
    return Buffer.concat(this.heard.filter((frame) => frame.atMs >= fromMs).map((frame) => frame.bytes));
  }

  /** Waits until the greeting has been heard to its end. */
  async greeted(): Promise<void> {
    await eventually('the greeting is over', () => this.heard.length > GREETING_FRAMES && this.queuedFrames === 0, SPOKEN_WITHIN_MS);
  }

  /** Waits until a tone is heard for `minMs`; from a time on. */
  async hears(hz: number, sinceMs = 0, minMs = 80): Promise<boolean> {
    return eventually(`${hz} Hz is heard`, () => hearsTone(this.audio(sinceMs), hz, { minMs }), SPOKEN_WITHIN_MS);
  }

  get queuedFrames(): number {
    return this.queue.filter((entry) => entry.kind === 'frame').length;
  }

  /** 20 ms are over. */
  protected abstract tick(atMs: number): void;
  protected abstract markReached(name: string): void;

  /** The next frame is heard, and the marks before it are reached. */
  protected hear(atMs: number): void {
    if (this.standing === 'at the next mark' && this.queue[0]?.kind === 'mark') this.standing = 'now';
    if (this.standing === 'now') return;
    for (let [next] = this.queue; next?.kind === 'mark'; [next] = this.queue) {
      this.queue.shift();
      this.markReached(next.name);
    }
    const frame = this.queue.shift();
    if (frame?.kind === 'frame') this.heard.push({ atMs, bytes: frame.bytes });
  }

  private catchUp(): void {
    for (const now = performance.now(); this.tickedTo + FRAME_MS <= now; ) {
      this.tickedTo += FRAME_MS;
      this.tick(this.tickedTo);
    }
  }
}
