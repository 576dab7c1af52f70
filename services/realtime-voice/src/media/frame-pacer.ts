import { FRAME_MS } from '@troncal/audio';
import { FrameClock } from '@troncal/media-protocols';

/** A leg whose frames we time ourselves. */
export interface PacedLeg {
  /** A frame's time has come. Must not throw: it would cost the other legs theirs. */
  tick(): void;
}

const SLOTS = 4;

/**
 * The one clock of all paced legs of the process: 20 ms a frame by absolute deadlines, no timer per leg. The legs are spread over four turns of
 * 5 ms, so that a turn of many calls holds up nobody's incoming audio for long. Stands still while there are none. It comes by a timer, and whoever
 * is served between two timers looks at it too: a busy loop serves hundreds of sockets before it gets to its timers again.
 */
export class FramePacer {
  private readonly slots = Array.from({ length: SLOTS }, () => new Set<PacedLeg>());
  private clock: FrameClock | undefined;
  private timer: NodeJS.Timeout | undefined;

  /** @param heldBack told what was forgiven: seconds by which audio is heard later, of all legs together */
  constructor(
    private readonly now: () => number,
    private readonly heldBack: (seconds: number) => void = () => {},
  ) {}

  add(leg: PacedLeg): void {
    this.smallest().add(leg);
    if (this.clock !== undefined) return;
    this.clock = new FrameClock(this.now(), { slots: SLOTS });
    this.wait(this.clock);
  }

  remove(leg: PacedLeg): void {
    for (const slot of this.slots) slot.delete(leg);
    if (this.size > 0) return;
    clearTimeout(this.timer);
    this.clock = undefined;
  }

  /** Does what is due, if anything is. */
  look(): void {
    if (this.clock !== undefined && this.clock.nextAt <= this.now()) this.turn(this.clock);
  }

  private get size(): number {
    return this.slots.reduce((sum, slot) => sum + slot.size, 0);
  }

  private smallest(): Set<PacedLeg> {
    return this.slots.reduce((least, slot) => (slot.size < least.size ? slot : least));
  }

  private wait(clock: FrameClock): void {
    this.timer = setTimeout(() => this.turn(clock), Math.max(0, clock.nextAt - this.now()));
  }

  private turn(clock: FrameClock): void {
    clearTimeout(this.timer);
    const forgiven = clock.advance(this.now(), (slot) => {
      for (const leg of this.slots[slot]!) leg.tick();
    });
    if (forgiven > 0) this.heldBack((forgiven * FRAME_MS * this.size) / 1_000);
    if (this.clock === clock) this.wait(clock);
  }
}
