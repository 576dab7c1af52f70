import { FrameClock } from '@troncal/media-protocols';

/** A leg whose frames we time ourselves. */
export interface PacedLeg {
  /** A frame's time has come. Must not throw: it would cost the other legs theirs. */
  tick(): void;
}

const SLOTS = 4;

/**
 * The one clock of all paced legs of the process: 20 ms a frame by absolute deadlines, no timer per leg. The legs are spread over four turns of
 * 5 ms, so that a turn of many calls holds up nobody's incoming audio for long. Stands still while there are none.
 */
export class FramePacer {
  private readonly slots = Array.from({ length: SLOTS }, () => new Set<PacedLeg>());
  private clock: FrameClock | undefined;
  private timer: NodeJS.Timeout | undefined;

  constructor(private readonly now: () => number) {}

  add(leg: PacedLeg): void {
    this.smallest().add(leg);
    if (this.clock !== undefined) return;
    this.clock = new FrameClock(this.now(), { slots: SLOTS });
    this.wait(this.clock);
  }

  remove(leg: PacedLeg): void {
    for (const slot of this.slots) slot.delete(leg);
    if (this.slots.some((slot) => slot.size > 0)) return;
    clearTimeout(this.timer);
    this.clock = undefined;
  }

  private smallest(): Set<PacedLeg> {
    return this.slots.reduce((least, slot) => (slot.size < least.size ? slot : least));
  }

  private wait(clock: FrameClock): void {
    this.timer = setTimeout(() => this.turn(clock), Math.max(0, clock.nextAt - this.now()));
  }

  private turn(clock: FrameClock): void {
    clock.advance(this.now(), (slot) => {
      for (const leg of this.slots[slot]!) leg.tick();
    });
    if (this.clock === clock) this.wait(clock);
  }
}
