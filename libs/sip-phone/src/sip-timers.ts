/** RFC 3261's timers, ms. Tests make them shorter; on a network leave them alone. */
export interface SipTimers {
  /** Round-trip estimate: first retransmission. */
  readonly t1: number;
  /** Longest pause between retransmissions. */
  readonly t2: number;
}

export const SIP_TIMERS: SipTimers = { t1: 500, t2: 4000 };

/** Timers B, F, H: when a transaction gives up, ms. */
export const giveUpAfter = (timers: SipTimers): number => 64 * timers.t1;

/**
 * Sends again after `first`, 2·first, 4·first… at most `longest` apart, until stopped; calls `onGiveUp` once at `giveUp` ms. The first
 * sending is the caller's.
 */
export class Retransmission {
  private timer: NodeJS.Timeout | undefined;
  private readonly giveUpTimer: NodeJS.Timeout;

  constructor(again: () => void, schedule: { readonly first: number; readonly longest: number; readonly giveUp: number }, onGiveUp: () => void) {
    const next = (wait: number): void => {
      this.timer = setTimeout(() => {
        again();
        next(Math.min(2 * wait, schedule.longest));
      }, wait);
    };
    next(schedule.first);
    this.giveUpTimer = setTimeout(() => {
      this.stop();
      onGiveUp();
    }, schedule.giveUp);
  }

  /** No more sending; giving up stays. For INVITE after a provisional response. */
  quiet(): void {
    clearTimeout(this.timer);
  }

  stop(): void {
    clearTimeout(this.timer);
    clearTimeout(this.giveUpTimer);
  }
}
