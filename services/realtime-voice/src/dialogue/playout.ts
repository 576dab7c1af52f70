import { ALAW_SILENCE, FRAME_MS, ULAW_SILENCE } from '@troncal/audio';
import { PlayoutQueue, type LegOrder, type LegReport } from '@troncal/media-protocols';
import type { G711 } from '../engine/voice-engine.js';

/** The media leg, as playout sees it. */
export interface PlayoutSink {
  /** False while the socket has more to send than it should: audio then waits here. Other orders are given regardless. */
  writable(): boolean;
  /** Several at once, in this order: what leaves together costs one system call. */
  write(orders: readonly LegOrder[]): void;
}

/** What an interruption cut off. */
export interface Cut {
  /** The item being heard, and how much of it was. */
  readonly item: string;
  readonly heardMs: number;
  /** Items queued behind it, of which nothing was heard. */
  readonly unheard: readonly string[];
}

/** Who began and who ended since the last call. */
export interface Progress {
  /** Items whose first frame has left for the caller. */
  readonly started: readonly string[];
  /** Items heard to their end. */
  readonly ended: readonly string[];
}

/** Audio kept queued in the leg: 2 s of chan_websocket outlive a stall of this process, and no lag can build up behind them (asterisk#2115). */
const AHEAD_FRAMES = 100;

/** The agent's audio of one leg, by item. Writes what may be written; tells what the caller has heard. Times in ms of one monotonic clock. */
export class Playout {
  private readonly queue: PlayoutQueue;
  private readonly open = new Set<string>();
  private readonly begun = new Set<string>();
  private ended: string[] = [];
  private startedItem: string | undefined;

  constructor(
    private readonly sink: PlayoutSink,
    format: G711,
  ) {
    this.queue = new PlayoutQueue({ aheadFrames: AHEAD_FRAMES, padding: format === 'ulaw' ? ULAW_SILENCE : ALAW_SILENCE });
  }

  /** Adds audio of any length to an item. A new item ends the one before it; audio for an ended one is dropped. */
  add(item: string, audio: Uint8Array): void {
    if (this.begun.has(item) && !this.open.has(item)) return;
    this.begun.add(item);
    for (const other of this.open) if (other !== item) this.open.delete(other);
    this.open.add(item);
    this.queue.append(item, audio);
  }

  /** No more audio comes for the item. */
  complete(item: string): void {
    if (this.open.delete(item)) this.queue.endItem(item);
  }

  /** Sends as much as may be ahead now. Call it after `add` and about every 100 ms. */
  pump(now: number): Progress {
    const started: string[] = [];
    if (this.sink.writable()) {
      const orders = this.queue.outgoing(now);
      if (orders.length > 0) this.sink.write(orders);
      const first = this.queue.heard(now)[0]?.itemId;
      if (first !== undefined && this.startedItem !== first && orders.some((order) => order.kind === 'audio')) {
        this.startedItem = first;
        started.push(first);
      }
    }
    return { started, ended: this.ended.splice(0) };
  }

  /** A report of the leg; what it settles is told by the next `pump`. */
  receive(report: LegReport, now: number): void {
    for (const notice of this.queue.receive(report, now)) if (notice.kind === 'item-played') this.ended.push(notice.itemId);
  }

  /** True while any whole frame of the agent's is queued, here or in the leg. */
  busy(now: number): boolean {
    return this.queue.unheardMs(now) >= FRAME_MS;
  }

  /** Silence now. Undefined when the caller had heard everything there was. */
  cut(now: number): Cut | undefined {
    const { orders, cut } = this.queue.flush(now);
    this.sink.write(orders);
    this.open.clear();
    this.startedItem = undefined;
    const [current, ...behind] = cut;
    return current === undefined ? undefined : { item: current.itemId, heardMs: Math.floor(current.heardMs), unheard: behind.map((item) => item.itemId) };
  }

  /** Holds the agent's voice where it is. */
  pause(now: number): void {
    this.sink.write(this.queue.pause(now));
  }

  /** Goes on from where it was held. */
  resume(now: number): void {
    this.sink.write(this.queue.proceed(now));
  }
}
