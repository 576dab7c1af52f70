import { backoffMs } from './backoff.js';
import { pause } from './deadline.js';

/** What became of a request that wasn't answered: refused as one too many, and so not done; never sent; or nobody knows. */
export type Unanswered = { readonly how: 'too-many' } | { readonly how: 'not-sent' | 'unknown'; readonly why: string };
export type RequestOutcome<T> = { readonly how: 'answered'; readonly answer: T } | Unanswered;

export interface RetryTerms {
  /** Whether it does no harm to have it done twice. */
  readonly isRepeatable: boolean;
  /** How long it is tried again, ms. */
  readonly patienceMs: number;
  /** The longest wait between two tries, ms. */
  readonly longestWaitMs: number;
  /** @returns what is thrown at last */
  readonly giveUp: (last: Unanswered) => Error;
}

/** How often what is repeatable is asked, when it isn't known what became of it. */
const TRIES = 4;
const FIRST_WAIT_MS = 200;
/** Errors of sockets by which nothing reached the other side; of undici's too. */
const NOT_SENT = new Set(['ECONNREFUSED', 'ENOTFOUND', 'EAI_AGAIN', 'UND_ERR_CONNECT_TIMEOUT']);

/**
 * Makes a request again as long as that may help: when it was refused as one too many or never sent, and, when it is repeatable, when nobody knows what became of it. What
 * isn't repeatable is then not made again: whoever asked has to look first.
 */
export async function retryRequest<T>(once: () => Promise<RequestOutcome<T>>, { isRepeatable, patienceMs, longestWaitMs, giveUp }: RetryTerms): Promise<T> {
  const deadline = performance.now() + patienceMs;
  for (let tries = 1; ; tries += 1) {
    const outcome = await once();
    if (outcome.how === 'answered') return outcome.answer;
    const isOver = performance.now() > deadline || (outcome.how === 'unknown' && (!isRepeatable || tries >= TRIES));
    if (isOver) throw giveUp(outcome);
    // Full jitter: those refused together must not come together again.
    await pause(backoffMs({ firstMs: FIRST_WAIT_MS, maxMs: longestWaitMs, jitter: 1 }, tries));
  }
}

/** For an AdaptiveLimit. */
export const isTooMany = ({ how }: RequestOutcome<unknown>): boolean => how === 'too-many';

/** @param code of the error with which a connection failed */
export const failedConnection = (code: string): Unanswered => ({ how: NOT_SENT.has(code) ? 'not-sent' : 'unknown', why: code });
