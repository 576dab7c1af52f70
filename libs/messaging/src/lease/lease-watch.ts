import type { LeaseEntry } from './lease-board.js';

/** Looks further apart than this see nothing of what lay between (NATS was away, the process was frozen): the watch begins anew. */
const LONGEST_GAP_MS = 1_000;

/** For how long a lease has stood still under somebody's eyes, by the watcher's own monotonic clock: nobody's clock is compared with another's. */
export class LeaseWatch {
  private revision: number | undefined;
  private since = -Infinity;
  private lookedAt = -Infinity;

  /** Takes a look that was just answered. @returns milliseconds for which it has been seen unchanged */
  saw(entry: LeaseEntry | undefined, now: number): number {
    const revision = entry?.revision ?? 0;
    if (revision !== this.revision || now - this.lookedAt > LONGEST_GAP_MS) this.since = now;
    this.revision = revision;
    this.lookedAt = now;
    return now - this.since;
  }
}
