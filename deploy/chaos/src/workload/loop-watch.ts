/** A time in which this process did not get to run, ms of performance.now(). */
export interface Stall {
  readonly fromMs: number;
  readonly toMs: number;
}

const TICK_MS = 10;
/** Timers are never exact; less than this is no stall. */
const STALL_MS = 3;

/**
 * Notes when this process itself stood still: what the phones in it heard late then says nothing about Troncal. An ear that can't tell its
 * own deafness from the other's silence would blame the wrong one.
 */
export class LoopWatch {
  readonly stalls: Stall[] = [];
  private last = performance.now();
  private readonly timer = setInterval(() => this.look(), TICK_MS);

  stop(): void {
    clearInterval(this.timer);
  }

  private look(): void {
    const now = performance.now();
    const due = this.last + TICK_MS;
    if (now - due > STALL_MS) this.stalls.push({ fromMs: due, toMs: now });
    this.last = now;
  }
}
