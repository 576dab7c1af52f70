import type { LegOrder, LegReport } from './leg-orders.js';
import { PlayoutClock } from './playout-clock.js';
import type { TwilioStreamWriter } from './twilio-stream.js';

const FRAME_BYTES = 160;
const FRAME_MS = 20;

type Audio = Extract<LegOrder, { kind: 'audio' }>;
type Mark = Extract<LegOrder, { kind: 'mark' }>;
/** What Twilio was given and hasn't said to have played, and where it stands. */
type Sent = (Audio & { readonly from: number }) | (Mark & { readonly at: number; readonly wire: string });

/**
 * Says a leg's orders in messages of Media Streams, which know no pause and give dropped marks back as if they had been played. Twilio holds the queue and
 * plays it; what of it was played is known by the marks and, between two of them, by the clock. A pause empties Twilio's queue, and what wasn't played
 * is sent again when it is over; so a pause costs at most a frame, and the way's latency is heard twice. Pure: times are passed in, ms of one monotonic clock.
 */
export class TwilioPlayout {
  private readonly clock = new PlayoutClock(FRAME_MS);
  private sent: Sent[] = [];
  /** What waits for the end of a pause; undefined while there is none. */
  private held: (Audio | Mark)[] | undefined;
  private marksMade = 0;

  constructor(private readonly writer: TwilioStreamWriter) {}

  /** The messages that carry an order out, to be sent at once. */
  take(order: LegOrder, nowMs: number): readonly string[] {
    switch (order.kind) {
      case 'audio':
      case 'mark':
        if (this.held === undefined) return [this.send(order, nowMs)];
        this.held.push(order);
        return [];
      case 'flush':
        return this.flush(nowMs);
      case 'pause':
        return this.pause(nowMs);
      case 'proceed':
        return this.proceed(nowMs);
    }
  }

  /** Twilio gave a mark back; undefined for one that was dropped by a flush or a pause. */
  markCame(wire: string, nowMs: number): LegReport | undefined {
    const at = this.sent.findIndex((entry) => entry.kind === 'mark' && entry.wire === wire);
    const mark = this.sent[at];
    if (mark?.kind !== 'mark') return undefined;
    this.sent = this.sent.slice(at + 1);
    this.clock.settle(mark.at, nowMs);
    return { kind: 'played', mark: mark.mark };
  }

  private send(order: Audio | Mark, nowMs: number): string {
    if (order.kind === 'audio') {
      this.sent.push({ ...order, from: this.clock.sent });
      this.clock.send(order.bytes.length / FRAME_BYTES, nowMs);
      return this.writer.media(order.bytes);
    }
    this.marksMade += 1;
    const wire = `m${this.marksMade}`;
    this.sent.push({ ...order, at: this.clock.sent, wire });
    this.clock.mark();
    return this.writer.mark(wire);
  }

  private flush(nowMs: number): readonly string[] {
    this.clock.flush(nowMs);
    this.sent = [];
    if (this.held === undefined) return [this.writer.clear()];
    // Twilio's queue is empty already.
    this.held = [];
    return [];
  }

  private pause(nowMs: number): readonly string[] {
    if (this.held !== undefined) return [];
    const played = this.clock.flush(nowMs);
    this.held = this.sent.flatMap((entry) => unplayed(entry, played));
    this.sent = [];
    return [this.writer.clear()];
  }

  private proceed(nowMs: number): readonly string[] {
    const held = this.held ?? [];
    this.held = undefined;
    return held.map((order) => this.send(order, nowMs));
  }
}

/** What of an entry is to be sent again: marks always, for their owner waits for them. */
function unplayed(entry: Sent, played: number): (Audio | Mark)[] {
  if (entry.kind === 'mark') return [{ kind: 'mark', mark: entry.mark }];
  const rest = entry.bytes.subarray(Math.max(0, played - entry.from) * FRAME_BYTES);
  return rest.length === 0 ? [] : [{ kind: 'audio', bytes: rest }];
}
