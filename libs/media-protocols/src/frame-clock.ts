/** All optional. */
export interface FrameClockOptions {
  /** Duration of a frame, ms; 20. */
  readonly frameMs?: number;
  /** Into how many groups the legs are divided, whose frames fall due one after the other; 4, each 5 ms. */
  readonly slots?: number;
  /** Lateness below which all is made up for, ms; 60, so three frames at once. What exceeds it is forgiven: the audio is heard that much later instead. */
  readonly makeUpMs?: number;
}

/**
 * When the frames of legs that we pace ourselves fall due: by absolute deadlines from one beginning, so that no lateness adds up (Node's
 * setInterval(20) ticks at 47 Hz). A process that was held up makes up for 60 ms and no more, because Asterisk's mixer throws away all that waits
 * once it is more than four frames (bridge_softmix, 22.10.1), and because what has been handed over can't be flushed. Pure: times are ms of one
 * monotonic clock.
 */
export class FrameClock {
  private readonly stepMs: number;
  private readonly slots: number;
  private readonly makeUpMs: number;
  private readonly frameMs: number;
  private steps = 0;

  constructor(
    private beganAt: number,
    options: FrameClockOptions = {},
  ) {
    this.frameMs = options.frameMs ?? 20;
    this.slots = options.slots ?? 4;
    this.makeUpMs = options.makeUpMs ?? 60;
    this.stepMs = this.frameMs / this.slots;
  }

  /** When the next frame falls due. Computed from the beginning: sums would drift. */
  get nextAt(): number {
    return this.beganAt + this.steps * this.stepMs;
  }

  /** Calls `tick` for every slot that is due at `nowMs`, in order, as often as it is. Returns how many frames' time was forgiven. */
  advance(nowMs: number, tick: (slot: number) => void): number {
    const late = nowMs - this.nextAt;
    const forgiven = late < this.makeUpMs ? 0 : Math.floor((late - this.makeUpMs) / this.frameMs) + 1;
    this.beganAt += forgiven * this.frameMs;
    while (this.nextAt <= nowMs) {
      const slot = this.steps % this.slots;
      this.steps += 1;
      tick(slot);
    }
    return forgiven;
  }
}
