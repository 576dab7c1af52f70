/** How long to wait between tries. Times in milliseconds. */
export interface Backoff {
  /** Wait before the second try. */
  readonly firstMs: number;
  /** No wait is longer. */
  readonly maxMs: number;
  /** Each wait is this many times the one before; 2 when absent. */
  readonly factor?: number;
  /**
   * Share of the wait that is random, 0 to 1; 0.2 when absent. Keeps many clients of one recovered server from returning at
   * the same instant.
   */
  readonly jitter?: number;
}

/**
 * The wait before try number `attempt + 1`, after `attempt` failures (1 = the first failure). Pure: the random number comes in.
 * @param random in [0, 1)
 */
export function backoffMs(backoff: Backoff, attempt: number, random: number = Math.random()): number {
  const factor = backoff.factor ?? 2;
  const jitter = backoff.jitter ?? 0.2;
  // The exponent is capped so that a year of failures does not become Infinity.
  const full = Math.min(backoff.maxMs, backoff.firstMs * factor ** Math.min(Math.max(attempt, 1) - 1, 60));
  return Math.round(full * (1 - jitter + jitter * random));
}

/** The schedule without jitter: `tries` waits in milliseconds. */
export function backoffSchedule(backoff: Backoff, tries: number): number[] {
  return Array.from({ length: tries }, (_, index) => backoffMs({ ...backoff, jitter: 0 }, index + 1));
}
