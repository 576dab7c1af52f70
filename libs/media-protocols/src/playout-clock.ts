/**
 * How many frames of those sent to chan_websocket have been played in full. Between marks it counts 20 ms ticks; each mark that Asterisk
 * answers sets it right, and it never runs past a mark that isn't answered yet, so lost ticks (asterisk#2115), a leg that isn't bridged
 * yet and a stalled socket can't make it claim what nobody heard. Pure: times are passed in, ms of any monotonic clock.
 */
export class PlayoutClock {
  private sentFrames = 0;
  private anchor = { atMs: 0, frames: 0 };
  private pausedNow = false;
  /** Frame counts at which unanswered marks stand, ascending. */
  private readonly openMarks: number[] = [];

  constructor(private readonly frameMs: number) {}

  get paused(): boolean {
    return this.pausedNow;
  }

  /** Frames sent and not flushed, since the beginning. */
  get sent(): number {
    return this.sentFrames;
  }

  /** Frames played in full at `nowMs`: at most one more or less than the truth while ticks are regular. */
  played(nowMs: number): number {
    const ticks = this.pausedNow ? 0 : Math.max(0, Math.floor((nowMs - this.anchor.atMs) / this.frameMs));
    return Math.min(this.anchor.frames + ticks, this.sentFrames, this.openMarks[0] ?? Infinity);
  }

  /** Notes frames that were written to the socket. */
  send(frames: number, nowMs: number): void {
    // Out of an empty queue the count starts anew; Asterisk takes the frame at its next tick.
    if (this.played(nowMs) === this.sentFrames) this.anchor = { atMs: nowMs, frames: this.sentFrames };
    this.sentFrames += frames;
  }

  /** Notes a mark that was written after the frames sent so far. */
  mark(): void {
    this.openMarks.push(this.sentFrames);
  }

  /** The mark that stands after `frames` frames was answered at `nowMs`. */
  settle(frames: number, nowMs: number): void {
    while (this.openMarks[0] !== undefined && this.openMarks[0] <= frames) this.openMarks.shift();
    if (frames >= this.anchor.frames) this.anchor = { atMs: nowMs, frames };
  }

  /** PAUSE_MEDIA was written. */
  pause(nowMs: number): void {
    this.anchor = { atMs: nowMs, frames: this.played(nowMs) };
    this.pausedNow = true;
  }

  /** CONTINUE_MEDIA was written. */
  proceed(nowMs: number): void {
    if (this.pausedNow) this.anchor = { atMs: nowMs, frames: this.anchor.frames };
    this.pausedNow = false;
  }

  /** FLUSH_MEDIA was written: what wasn't played is forgotten, marks included. Returns the frames played. A pause stays. */
  flush(nowMs: number): number {
    const played = this.played(nowMs);
    this.sentFrames = played;
    this.anchor = { atMs: nowMs, frames: played };
    this.openMarks.length = 0;
    return played;
  }
}
