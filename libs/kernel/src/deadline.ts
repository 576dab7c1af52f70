import { TransientError } from './errors.js';

/**
 * Settles like `work`, or rejects with TransientError `deadline_exceeded` when it takes longer than `ms`.
 * The work itself is not stopped: pass it an AbortSignal when it must be. Its late failure is swallowed, so that giving up on it
 * never becomes an unhandled rejection.
 * @param what names the work in the error: `voice.attach of leg …`
 */
export async function withDeadline<T>(work: Promise<T>, ms: number, what: string): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => {
      reject(
        new TransientError('deadline_exceeded', `${what} took longer than ${ms} ms.`, {
          status: 504,
          details: { what, deadlineMs: ms },
          remedy: 'Try again; if it stays so, look at the health of the part that was asked.',
        }),
      );
    }, ms);
  });
  try {
    return await Promise.race([work, late]);
  } finally {
    clearTimeout(timer);
    work.catch(() => {});
  }
}

/** Resolves after `ms`, or at once (never rejects) when the signal is aborted. Returns false when it was cut short. */
export function pause(ms: number, signal?: AbortSignal): Promise<boolean> {
  if (signal?.aborted) return Promise.resolve(false);
  return new Promise((resolve) => {
    const stop = (): void => {
      clearTimeout(timer);
      resolve(false);
    };
    const timer = setTimeout(() => {
      signal?.removeEventListener('abort', stop);
      resolve(true);
    }, ms);
    signal?.addEventListener('abort', stop, { once: true });
  });
}
