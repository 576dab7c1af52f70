import { QUEUE_LEVELS } from './chan-websocket-commands.js';
import type { LegOrder, LegReport } from './leg-orders.js';
import { PlayoutClock } from './playout-clock.js';

/** All optional; the values given are for G.711. */
export interface PlayoutOptions {
  /** Bytes of a frame: `optimal_frame_size` of MEDIA_START; 160. */
  readonly frameBytes?: number;
  /** Duration of a frame, ms: `ptime` of MEDIA_START; 20. */
  readonly frameMs?: number;
  /** Byte that fills the last frame of an item up; µ-law silence, 0xff. */
  readonly padding?: number;
  /** Most frames that wait inside the leg; 250, 5 s. A flush empties them at once, so this costs no reaction time. */
  readonly aheadFrames?: number;
  /** A mark after so many frames; 10, 200 ms. */
  readonly markEveryFrames?: number;
  /** Most frames kept here and in Asterisk together; 90,000, 30 min. */
  readonly maxFrames?: number;
}

/** How much of one item the caller has heard. */
export interface ItemHeard {
  readonly itemId: string;
  /** Audio of it that was played in full, ms; at most the item's own length, the padding not counted. */
  readonly heardMs: number;
  /** Audio of it that wasn't, ms. */
  readonly unheardMs: number;
}

/** Something that the caller's side settled. */
export type PlayoutNotice =
  | { readonly kind: 'item-played'; readonly itemId: string; readonly heardMs: number }
  | { readonly kind: 'mark-reached'; readonly mark: string };

/** What an interruption did. */
export interface Flushed {
  /** To be given to the leg at once, in this order. */
  readonly orders: readonly LegOrder[];
  /** The items whose end wasn't reported yet, in order: heard in part, in full (`unheardMs` 0), or not at all. */
  readonly cut: readonly ItemHeard[];
  /** Marks asked for by `mark` that will never be reached. */
  readonly discardedMarks: readonly string[];
}

/** A provider that was interrupted goes on sending for a moment only. */
const CUT_IDS_KEPT = 64;

const NOTHING = new Uint8Array(0);

interface Item {
  readonly id: string;
  readonly fromFrame: number;
  bytes: number;
  frames: number;
  ended: boolean;
}

interface OpenMark {
  readonly name: string;
  readonly atFrame: number;
}

/**
 * The agent's audio on its way to a media leg, and what the caller has heard of it. Feed it audio by item, give the leg what `outgoing`
 * gives (after each `append`, each report, and at least every `aheadFrames` / 2), pass the leg's reports to `receive`. Pure: times are
 * passed in, ms of one monotonic clock. Items come one after another; audio for an item that is not the newest is refused.
 */
export class PlayoutQueue {
  private readonly options: Required<PlayoutOptions>;
  private readonly clock: PlayoutClock;
  private items: Item[] = [];
  private waiting: Uint8Array[] = [];
  private partial: Uint8Array = NOTHING;
  private appendedFrames = 0;
  private held = false;
  /** Where the next regular mark is due; none until audio leaves an empty queue. */
  private nextMarkFrame = Infinity;
  private openMarks: OpenMark[] = [];
  private askedMarks: { name: string; atFrame: number }[] = [];
  private marksMade = 0;
  private cutIds: string[] = [];

  constructor(options: PlayoutOptions = {}) {
    this.options = { frameBytes: 160, frameMs: 20, padding: 0xff, aheadFrames: 250, markEveryFrames: 10, maxFrames: 90_000, ...options };
    const { aheadFrames, markEveryFrames } = this.options;
    if (aheadFrames < 1 || markEveryFrames < 1 || aheadFrames + markEveryFrames >= QUEUE_LEVELS.xoff) {
      throw new RangeError(`aheadFrames ${aheadFrames} and markEveryFrames ${markEveryFrames} must be positive and stay below ${QUEUE_LEVELS.xoff} together, where Asterisk says MEDIA_XOFF`);
    }
    this.clock = new PlayoutClock(this.options.frameMs);
  }

  /** Whether a pause is in force. */
  get paused(): boolean {
    return this.clock.paused;
  }

  /** Audio given and not heard yet at `nowMs`, here and in the leg, ms. 0: the agent is silent. */
  unheardMs(nowMs: number): number {
    return (this.appendedFrames - this.clock.played(nowMs)) * this.options.frameMs + this.msOf(this.partial.length);
  }

  /** The items not settled yet and how much of each the caller has heard at `nowMs`, oldest first. */
  heard(nowMs: number): ItemHeard[] {
    const played = this.clock.played(nowMs);
    return this.items.map((item) => this.heardOf(item, played));
  }

  /**
   * Adds audio of any length, which must not be changed afterwards: whole frames aren't copied. A new id begins a new item and ends the one
   * before it. False, and nothing added, when a flush cut the item: what a provider still sends of it must not be heard. Throws RangeError beyond
   * `maxFrames`, Error for an item that was ended.
   */
  append(itemId: string, bytes: Uint8Array): boolean {
    if (this.cutIds.includes(itemId)) return false;
    const newest = this.items.at(-1);
    if (newest?.id === itemId && newest.ended) throw new Error(`item ${itemId} was ended: audio after its end would be heard as part of the next`);
    if (newest !== undefined && newest.id !== itemId) this.endItem(newest.id);
    const { frameBytes, maxFrames } = this.options;
    const size = this.partial.length + bytes.length;
    const frames = Math.floor(size / frameBytes);
    const unheard = this.appendedFrames + frames - (this.items[0]?.fromFrame ?? this.appendedFrames);
    if (unheard > maxFrames) throw new RangeError(`${unheard} frames would wait to be heard, the limit is ${maxFrames}: flush, or give less audio ahead`);
    const item = newest?.id === itemId ? newest : this.begin(itemId);
    const joined = this.partial.length === 0 ? bytes : join(this.partial, bytes);
    item.bytes += bytes.length;
    this.enqueue(item, joined.subarray(0, frames * frameBytes));
    this.partial = size === frames * frameBytes ? NOTHING : joined.slice(frames * frameBytes);
    return true;
  }

  /** No more audio comes for the item: its last frame is filled up and its end will be reported. Other ids than the newest are ignored. */
  endItem(itemId: string): void {
    const item = this.items.at(-1);
    if (item?.id !== itemId || item.ended) return;
    if (this.partial.length > 0) {
      const frame = new Uint8Array(this.options.frameBytes).fill(this.options.padding);
      frame.set(this.partial);
      this.partial = NOTHING;
      this.enqueue(item, frame);
    }
    item.ended = true;
  }

  /** Asks for a notice when all whole frames given so far have been heard. */
  mark(name: string): void {
    this.askedMarks.push({ name, atFrame: this.appendedFrames });
  }

  /** What to give the leg now, in order; nothing while its queue is as full as it may be. */
  outgoing(nowMs: number): LegOrder[] {
    const orders: LegOrder[] = [];
    if (this.held) return orders;
    this.markIfDue(orders);
    let room = this.options.aheadFrames - (this.clock.sent - this.clock.played(nowMs));
    while (room > 0 && this.clock.sent < this.appendedFrames) {
      // Out of an empty queue the first frame gets a mark of its own: it tells when the leg's tick really falls.
      if (this.clock.played(nowMs) === this.clock.sent) this.nextMarkFrame = this.clock.sent + 1;
      const bytes = this.takeWaiting(Math.min(room, this.markAhead() - this.clock.sent, this.appendedFrames - this.clock.sent));
      const frames = bytes.length / this.options.frameBytes;
      orders.push({ kind: 'audio', bytes });
      this.clock.send(frames, nowMs);
      room -= frames;
      this.markIfDue(orders);
    }
    return orders;
  }

  /** Takes a report of the leg; tells what was settled by it. Reports that don't concern playout are ignored. */
  receive(report: LegReport, nowMs: number): PlayoutNotice[] {
    if (report.kind === 'full') this.held = true;
    if (report.kind === 'room') this.held = false;
    if (report.kind !== 'played') return [];
    const reached = this.openMarks.find((mark) => mark.name === report.mark);
    // A mark that was played while our flush was on its way is settled already.
    if (reached === undefined) return [];
    this.openMarks = this.openMarks.slice(this.openMarks.indexOf(reached) + 1);
    this.clock.settle(reached.atFrame, nowMs);
    return this.settled(reached.atFrame);
  }

  /** Holds the audio where it is: for an interruption that isn't certain yet. What the leg is to be given; nothing when paused already. */
  pause(nowMs: number): LegOrder[] {
    if (this.clock.paused) return [];
    this.clock.pause(nowMs);
    return [{ kind: 'pause' }];
  }

  /** Goes on after a pause. What the leg is to be given; nothing when not paused. */
  proceed(nowMs: number): LegOrder[] {
    if (!this.clock.paused) return [];
    this.clock.proceed(nowMs);
    return [{ kind: 'proceed' }];
  }

  /**
   * Silences the agent: all audio that wasn't heard is dropped here and in the leg, a pause is ended, every mark and item is settled here
   * since no leg reports the discarded marks (Asterisk 22.10.1).
   */
  flush(nowMs: number): Flushed {
    const played = this.clock.flush(nowMs);
    const cut = this.items.map((item) => this.heardOf(item, played));
    const discardedMarks = this.askedMarks.map((mark) => mark.name);
    this.cutIds = [...this.cutIds, ...cut.map((item) => item.itemId)].slice(-CUT_IDS_KEPT);
    this.items = [];
    this.waiting = [];
    this.partial = NOTHING;
    this.appendedFrames = played;
    this.held = false;
    this.nextMarkFrame = Infinity;
    this.openMarks = [];
    this.askedMarks = [];
    return { orders: [{ kind: 'flush' }, ...this.proceed(nowMs)], cut, discardedMarks };
  }

  private begin(id: string): Item {
    const item: Item = { id, fromFrame: this.appendedFrames, bytes: 0, frames: 0, ended: false };
    this.items.push(item);
    return item;
  }

  private enqueue(item: Item, frames: Uint8Array): void {
    if (frames.length === 0) return;
    this.waiting.push(frames);
    item.frames += frames.length / this.options.frameBytes;
    this.appendedFrames += frames.length / this.options.frameBytes;
  }

  /** The next frame count after which a mark is due: the regular one, an item's end or one asked for, whichever comes first. */
  private markAhead(): number {
    const { sent } = this.clock;
    let next = this.nextMarkFrame > sent ? this.nextMarkFrame : Infinity;
    for (const item of this.items) if (item.ended && item.fromFrame + item.frames > sent) next = Math.min(next, item.fromFrame + item.frames);
    for (const { atFrame } of this.askedMarks) if (atFrame > sent) next = Math.min(next, atFrame);
    return next;
  }

  private markIfDue(orders: LegOrder[]): void {
    const at = this.clock.sent;
    if (this.openMarks.at(-1)?.atFrame === at) return;
    const asked = this.askedMarks.some((mark) => mark.atFrame === at);
    const due = asked || at === this.nextMarkFrame || this.items.some((item) => item.ended && item.fromFrame + item.frames === at);
    if (!due) return;
    this.marksMade += 1;
    const name = `p${this.marksMade}`;
    this.openMarks.push({ name, atFrame: at });
    this.clock.mark();
    this.nextMarkFrame = at + this.options.markEveryFrames;
    orders.push({ kind: 'mark', mark: name });
  }

  private takeWaiting(frames: number): Uint8Array {
    const bytes = frames * this.options.frameBytes;
    const whole = this.waiting[0];
    if (whole !== undefined && whole.length >= bytes) {
      if (whole.length === bytes) this.waiting.shift();
      else this.waiting[0] = whole.subarray(bytes);
      return whole.subarray(0, bytes);
    }
    const out = new Uint8Array(bytes);
    let filled = 0;
    while (filled < out.length) {
      const first = this.waiting[0];
      if (first === undefined) throw new Error(`${frames} frames were to be sent and fewer wait`);
      const part = first.subarray(0, out.length - filled);
      out.set(part, filled);
      filled += part.length;
      if (part.length === first.length) this.waiting.shift();
      else this.waiting[0] = first.subarray(part.length);
    }
    return out;
  }

  private settled(played: number): PlayoutNotice[] {
    const notices: PlayoutNotice[] = [];
    for (const mark of this.askedMarks.filter((asked) => asked.atFrame <= played)) notices.push({ kind: 'mark-reached', mark: mark.name });
    this.askedMarks = this.askedMarks.filter((asked) => asked.atFrame > played);
    const finished = this.items.filter((item) => item.ended && item.fromFrame + item.frames <= played);
    this.items = this.items.filter((item) => !finished.includes(item));
    for (const item of finished) notices.push({ kind: 'item-played', itemId: item.id, heardMs: this.msOf(item.bytes) });
    return notices;
  }

  private heardOf(item: Item, played: number): ItemHeard {
    const lengthMs = this.msOf(item.bytes);
    const heardMs = Math.min(lengthMs, Math.max(0, played - item.fromFrame) * this.options.frameMs);
    return { itemId: item.id, heardMs, unheardMs: lengthMs - heardMs };
  }

  private msOf(bytes: number): number {
    return (bytes * this.options.frameMs) / this.options.frameBytes;
  }
}

function join(first: Uint8Array, second: Uint8Array): Uint8Array {
  const joined = new Uint8Array(first.length + second.length);
  joined.set(first);
  joined.set(second, first.length);
  return joined;
}
