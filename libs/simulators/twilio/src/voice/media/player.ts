import { FRAME_MS, splitFrames } from '@troncal/audio';

interface Job {
  readonly frames: readonly Uint8Array[];
  next: number;
  readonly settle: (complete: boolean) => void;
}

/**
 * Sends audio in frames of 20 ms, each at its own time counted from the first: what was late is caught up, the clock doesn't drift.
 * Sends nothing while there is nothing to play.
 */
export class Player {
  private readonly jobs: Job[] = [];
  private timer: NodeJS.Timeout | undefined;
  private nextAt = 0;

  constructor(private readonly send: (ulaw: Uint8Array) => void) {}

  /** Of what waits to be sent. */
  get queuedMs(): number {
    return FRAME_MS * this.jobs.reduce((sum, { frames, next }) => sum + frames.length - next, 0);
  }

  get isPlaying(): boolean {
    return this.jobs.length > 0;
  }

  /** After what is playing already. Settles when its last frame is over; with false when it was stopped before. */
  play(ulaw: Uint8Array): Promise<boolean> {
    const frames = splitFrames(ulaw);
    if (frames.length === 0) return Promise.resolve(true);
    return new Promise((settle) => {
      this.jobs.push({ frames, next: 0, settle });
      if (this.timer !== undefined) return;
      this.nextAt = Math.max(this.nextAt, performance.now());
      this.tick();
    });
  }

  /** Settles when all that is playing now is over; with false when it was stopped. */
  afterAll(): Promise<boolean> {
    if (this.jobs.length === 0) return Promise.resolve(true);
    return new Promise((settle) => this.jobs.push({ frames: [], next: 0, settle }));
  }

  stop(): void {
    clearTimeout(this.timer);
    this.timer = undefined;
    for (const job of this.jobs.splice(0)) job.settle(false);
  }

  private tick(): void {
    for (const now = performance.now(); this.nextAt <= now && this.jobs.length > 0; this.nextAt += FRAME_MS) this.sendNext(this.jobs[0]!);
    this.timer = this.jobs.length === 0 ? undefined : setTimeout(() => this.tick(), Math.max(0, this.nextAt - performance.now()));
  }

  private sendNext(job: Job): void {
    // Who waits for its end is told when the last frame's time is over, not when it was sent.
    if (job.next === job.frames.length) {
      this.jobs.shift();
      this.nextAt -= FRAME_MS;
      job.settle(true);
      return;
    }
    this.send(job.frames[job.next]!);
    job.next += 1;
  }
}
