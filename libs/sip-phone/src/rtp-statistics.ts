import type { RtpPacket } from './rtp-packet.js';

/** What was received on one call, since its beginning. */
export interface RtpStatistics {
  readonly received: number;
  /** Packets that the sequence numbers promise and that never came (RFC 3550, A.3), duplicates not counted against it. */
  readonly lost: number;
  readonly duplicates: number;
  /** Came after one with a higher sequence number. */
  readonly outOfOrder: number;
  /** Came more than 40 ms later than the earliest packets of their talk spurt make one expect: a small jitter buffer would have dropped them. */
  readonly late: number;
  /** Interarrival jitter of RFC 3550, A.8, ms. */
  readonly jitterMs: number;
  /** Longest time between two arrivals, ms; silence that wasn't sent counts too. */
  readonly maxGapMs: number;
  /** How often the sender began anew with another SSRC. */
  readonly ssrcChanges: number;
}

const LATE_MS = 40;
const SAMPLES_PER_MS = 8;
/** A jump beyond this is a sender that began anew (RFC 3550, A.1: MAX_DROPOUT). */
const MAX_DROPOUT = 3000;
/** How far back duplicates are known. */
const REMEMBERED = 1024;

/** Counts one stream of 8 kHz audio packet by packet. */
export class RtpCounter {
  private ssrc: number | undefined;
  private ssrcChanges = 0;
  private received = 0;
  private duplicates = 0;
  private outOfOrder = 0;
  private late = 0;
  private jitterMs = 0;
  private maxGapMs = 0;
  private lastArrivalMs: number | undefined;
  private lastTransitMs: number | undefined;
  private spurtTransitMs = Infinity;
  /** Extended sequence numbers: they go on counting over wraps and over new senders. */
  private highest = -1;
  private expected = 0;
  private readonly seen = new Set<number>();

  /** Takes a packet that arrived at `atMs`; gives its place in order, or undefined for a duplicate. `timed` is false for keys: all packets of one carry the same timestamp. */
  take(packet: RtpPacket, atMs: number, timed = true): number | undefined {
    const place = this.placeOf(packet);
    if (this.seen.has(place)) {
      this.duplicates += 1;
      return undefined;
    }
    this.remember(place);
    this.received += 1;
    if (place < this.highest) this.outOfOrder += 1;
    else this.highest = place;
    if (timed) this.timing(packet, atMs);
    return place;
  }

  statistics(): RtpStatistics {
    const { received, duplicates, outOfOrder, late, jitterMs, maxGapMs, ssrcChanges } = this;
    return { received, lost: Math.max(0, this.expected - received), duplicates, outOfOrder, late, jitterMs, maxGapMs, ssrcChanges };
  }

  private placeOf(packet: RtpPacket): number {
    const step = this.highest < 0 ? 0 : ((packet.sequence - (this.highest & 0xffff) + 0x18000) & 0xffff) - 0x8000;
    if (this.ssrc !== packet.ssrc || Math.abs(step) > MAX_DROPOUT) {
      if (this.ssrc !== undefined && this.ssrc !== packet.ssrc) this.ssrcChanges += 1;
      this.beginAnew(packet);
      return this.base(packet);
    }
    this.expected += Math.max(0, step);
    return this.highest + step;
  }

  private beginAnew(packet: RtpPacket): void {
    this.ssrc = packet.ssrc;
    this.lastTransitMs = undefined;
    this.spurtTransitMs = Infinity;
    this.expected += 1;
  }

  /** The first place of a new sender: above all places before, with the packet's own low 16 bits. */
  private base(packet: RtpPacket): number {
    const cycle = Math.floor(this.highest / 0x10000) + 1;
    return (this.highest < 0 ? 0x10000 : (cycle + 1) * 0x10000) + packet.sequence;
  }

  private timing(packet: RtpPacket, atMs: number): void {
    if (this.lastArrivalMs !== undefined) this.maxGapMs = Math.max(this.maxGapMs, atMs - this.lastArrivalMs);
    this.lastArrivalMs = atMs;
    const transitMs = atMs - packet.timestamp / SAMPLES_PER_MS;
    if (this.lastTransitMs !== undefined && !packet.marker) this.jitterMs += (Math.abs(transitMs - this.lastTransitMs) - this.jitterMs) / 16;
    this.lastTransitMs = transitMs;
    this.spurtTransitMs = packet.marker ? transitMs : Math.min(this.spurtTransitMs, transitMs);
    if (transitMs - this.spurtTransitMs > LATE_MS) this.late += 1;
  }

  private remember(place: number): void {
    this.seen.add(place);
    if (this.seen.size <= REMEMBERED) return;
    const [oldest] = this.seen;
    if (oldest !== undefined) this.seen.delete(oldest);
  }
}
