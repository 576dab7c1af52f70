import { backoffMs, type Backoff } from '@troncal/kernel';

/** How long the caller may wait for a provider before somebody else speaks to them, ms. */
export const OUTAGE_MS = 4_000;
/** Waits between attempts, ms. The first one after a session that worked is not waited for. */
const RETRY: Backoff = { firstMs: 150, maxMs: 1_000 };
/** So many losses within the window are forgiven; one more and the provider is taken for broken. */
const FORGIVEN = 3;
const WINDOW_MS = 60_000;

/** What to do after a loss or a failed attempt: try again at this time, or give the provider up. */
export type Verdict = { readonly retryAt: number } | { readonly giveUp: true };

/**
 * Counts a conversation's troubles with its provider: when to try again, and when to stop. Losses are forgotten after a minute, so that a
 * call of an hour may survive many of them. Pure; times in monotonic ms.
 */
export class Outage {
  private losses: number[] = [];
  private began: number | undefined;
  private tried = 0;

  /** When the present outage began; undefined while all is well. */
  get since(): number | undefined {
    return this.began;
  }

  /** Attempts made in the present outage. */
  get attempts(): number {
    return this.tried;
  }

  /** A session is gone, or an attempt has failed. `worked`: the one lost had been ready. @param since when the caller began to wait for it */
  lost(now: number, since: number, worked: boolean): Verdict {
    if (this.began === undefined) {
      this.began = since;
      this.losses = [...this.losses.filter((at) => now - at < WINDOW_MS), now];
    }
    if (this.losses.length > FORGIVEN) return { giveUp: true };
    const retryAt = now + (worked ? 0 : backoffMs(RETRY, this.tried + 1));
    return retryAt - this.began >= OUTAGE_MS ? { giveUp: true } : { retryAt };
  }

  /** An attempt is made. */
  attempt(): void {
    this.tried += 1;
  }

  /** True when the caller has waited long enough. */
  overdue(now: number): boolean {
    return this.began !== undefined && now - this.began >= OUTAGE_MS;
  }

  /** A session is ready; how long the outage was and how many attempts it took, or undefined when there was none. */
  over(now: number): { readonly silentMs: number; readonly attempts: number } | undefined {
    if (this.began === undefined) return undefined;
    const told = { silentMs: Math.max(0, Math.round(now - this.began)), attempts: this.tried };
    this.began = undefined;
    this.tried = 0;
    return told;
  }
}
