/** A frame's place, used again and again: what is kept for a second and let go fifty times a second would keep the garbage collector busy. */
interface Slot {
  at: number;
  bytes: number;
  audio: Uint8Array;
}

/** Kept of a silent caller: an onset that no engine has told of yet. */
const IDLE_MS = 1_000;
/** Words begin before a detector is sure of them. */
const BEFORE_ONSET_MS = 300;
/** The most that is kept: 120 kB. */
const MOST_MS = 15_000;
const MORE_SLOTS = 10;

/**
 * The caller's latest audio, for a session that takes over: what was said to nobody, and what was said to the one before and not understood
 * yet, is said again. An utterance is held from its onset until its words are known. Times in monotonic ms.
 */
export class RecentCaller {
  /** A ring, from `first`, of `kept` frames. */
  private slots: Slot[] = [];
  private first = 0;
  private kept = 0;
  private utteranceFrom: number | undefined;
  private gapFrom: number | undefined;

  push(audio: Uint8Array, now: number): void {
    const from = Math.max(now - MOST_MS, Math.min(this.utteranceFrom ?? Infinity, this.gapFrom ?? Infinity, now - IDLE_MS));
    while (this.kept > 0 && this.slotAt(0).at < from) {
      this.first = (this.first + 1) % this.slots.length;
      this.kept -= 1;
    }
    const slot = this.freeSlot(audio.length);
    slot.at = now;
    slot.bytes = audio.length;
    slot.audio.set(audio);
  }

  /** An utterance began then. */
  hold(from: number): void {
    this.utteranceFrom ??= from - BEFORE_ONSET_MS;
  }

  /** Its words are known, or nobody waits for them. */
  settle(): void {
    this.utteranceFrom = undefined;
  }

  /** True while an utterance is held. */
  get holds(): boolean {
    return this.utteranceFrom !== undefined;
  }

  /** Nobody listens from then on. */
  gap(from: number): void {
    this.gapFrom ??= from;
  }

  /** Somebody listens again. */
  gapOver(): void {
    this.gapFrom = undefined;
  }

  /** What a session that takes over hears first. */
  again(): readonly Uint8Array[] {
    const from = Math.min(this.utteranceFrom ?? Infinity, this.gapFrom ?? Infinity);
    const frames = Array.from({ length: this.kept }, (_, i) => this.slotAt(i)).filter((slot) => slot.at >= from);
    return frames.map(({ audio, bytes }) => audio.slice(0, bytes));
  }

  private slotAt(index: number): Slot {
    return this.slots[(this.first + index) % this.slots.length]!;
  }

  private freeSlot(bytes: number): Slot {
    if (this.kept === this.slots.length) {
      this.slots = Array.from({ length: this.kept + MORE_SLOTS }, (_, i) => (i < this.kept ? this.slotAt(i) : { at: 0, bytes: 0, audio: new Uint8Array(bytes) }));
      this.first = 0;
    }
    const slot = this.slotAt(this.kept);
    this.kept += 1;
    if (slot.audio.length < bytes) slot.audio = new Uint8Array(bytes);
    return slot;
  }
}
