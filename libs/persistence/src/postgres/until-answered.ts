import { backoffMs, errorText, pause, type Backoff } from '@troncal/kernel';
import type { Logger } from '@troncal/observability';
import { isDatabaseAway } from './database-errors.js';

const RETRY: Backoff = { firstMs: 100, maxMs: 5_000 };

/**
 * What `read` finds, tried again for as long as the database is away: for what a program can't begin without.
 * @param read may be done any number of times
 * @throws what `read` throws, when that is no absence of the database, or when `stopping`
 */
export async function untilAnswered<T>(read: () => Promise<T>, stopping: AbortSignal, logger: Logger): Promise<T> {
  for (let failures = 1; ; failures += 1) {
    try {
      return await read();
    } catch (error) {
      if (!isDatabaseAway(error)) throw error;
      logger[failures < 5 ? 'debug' : 'warn']({ reason: errorText(error), failures }, 'the database does not answer what is needed to begin; trying again');
      await pause(backoffMs(RETRY, failures), stopping);
      if (stopping.aborted) throw error;
    }
  }
}
