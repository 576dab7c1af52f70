import { QUEUE_LEVELS } from './chan-websocket-commands.js';
import type { LegOrder, LegReport } from './leg-orders.js';

type Entry = { readonly frames: Uint8Array; at: number } | string;

/**
 * The queue of a leg whose protocol has none: does with a leg's orders what Asterisk 22.10.1's chan_websocket does, a frame each tick, a mark
 * reported at the tick that would take the frame after it, full at 900 frames and with room again below 800. Pure.
 */
export class PacedQueue {
  private entries: Entry[] = [];
  private frames = 0;
  private paused = false;
  private full = false;

  /**
   * @param wire makes the protocol's messages of whole frames, `wireBytes` for each
   * @param report called within `take` and `next`
   */
  constructor(
    private readonly wire: (g711: Uint8Array) => Uint8Array,
    private readonly wireBytes: number,
    private readonly report: (report: LegReport) => void,
  ) {}

  /** Frames that wait. */
  get length(): number {
    return this.frames;
  }

  /** Throws RangeError beyond the queue's cap: the owner has overheard `full`. */
  take(order: LegOrder): void {
    switch (order.kind) {
      case 'audio':
        return this.enqueue(this.wire(order.bytes));
      case 'mark':
        this.entries.push(order.mark);
        return;
      case 'flush':
        this.entries = [];
        this.frames = 0;
        return this.roomAgain();
      case 'pause':
        this.paused = true;
        return;
      case 'proceed':
        this.paused = false;
    }
  }

  /** A frame's time has come: reports the marks before it and gives the frame, a view; undefined for silence. */
  next(): Uint8Array | undefined {
    if (this.paused) return undefined;
    while (typeof this.entries[0] === 'string') this.report({ kind: 'played', mark: this.entries.shift() as string });
    const entry = this.entries[0];
    if (entry === undefined || typeof entry === 'string') return undefined;
    const frame = entry.frames.subarray(entry.at, entry.at + this.wireBytes);
    entry.at += this.wireBytes;
    if (entry.at >= entry.frames.length) this.entries.shift();
    this.frames -= 1;
    this.roomAgain();
    return frame;
  }

  private enqueue(frames: Uint8Array): void {
    const count = frames.length / this.wireBytes;
    if (this.frames + count > QUEUE_LEVELS.cap) throw new RangeError(`${this.frames + count} frames would wait in the leg, the limit is ${QUEUE_LEVELS.cap}`);
    if (count === 0) return;
    this.entries.push({ frames, at: 0 });
    this.frames += count;
    if (this.full || this.frames < QUEUE_LEVELS.xoff) return;
    this.full = true;
    this.report({ kind: 'full' });
  }

  private roomAgain(): void {
    if (!this.full || this.frames >= QUEUE_LEVELS.xon) return;
    this.full = false;
    this.report({ kind: 'room' });
  }
}
