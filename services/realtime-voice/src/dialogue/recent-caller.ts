interface Frame {
  readonly at: number;
  readonly audio: Uint8Array;
}

/** Kept of a silent caller: an onset that no engine has told of yet. */
const IDLE_MS = 1_000;
/** Words begin before a detector is sure of them. */
const BEFORE_ONSET_MS = 300;
/** The most that is kept: 120 kB. */
const MOST_MS = 15_000;

/**
 * The caller's latest audio, for a session that takes over: what was said to nobody, and what was said to the one before and not understood
 * yet, is said again. An utterance is held from its onset until its words are known. Times in monotonic ms.
 */
export class RecentCaller {
  private readonly frames: Frame[] = [];
  private utteranceFrom: number | undefined;
  private gapFrom: number | undefined;

  push(audio: Uint8Array, now: number): void {
    this.frames.push({ at: now, audio });
    const from = Math.max(now - MOST_MS, Math.min(this.utteranceFrom ?? Infinity, this.gapFrom ?? Infinity, now - IDLE_MS));
    while (this.frames[0]!.at < from) this.frames.shift();
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
    return this.frames.filter((frame) => frame.at >= from).map((frame) => frame.audio);
  }
}
