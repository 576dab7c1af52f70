import { setTimeout as sleep } from 'node:timers/promises';

const EVERY_MS = 250;
const ANSWER_WITHIN_MS = 700;
/** So many in a row: a process that is only busy answers one of them. */
const MISSES = 3;
/** A look that took so much longer than it may was late because we stood still ourselves. */
const OWN_STALL_MS = 300;

/**
 * Asks `url` again and again while `isOn`, and calls `frozen` when a process that had answered does no more: within 3 s. A frozen process looks
 * alive to everybody who only sees its sockets, and callers whose agent it is hear nothing.
 */
export function watchLife(url: string, isOn: () => boolean, frozen: () => void): void {
  void watch(url, isOn, frozen);
}

async function watch(url: string, isOn: () => boolean, frozen: () => void): Promise<void> {
  let answered = false;
  for (let misses = 0; isOn(); ) {
    const began = performance.now();
    const alive = await answers(url);
    const late = performance.now() - began > ANSWER_WITHIN_MS + OWN_STALL_MS;
    answered ||= alive;
    misses = alive || !answered || late ? 0 : misses + 1;
    if (misses === MISSES && isOn()) return frozen();
    await sleep(EVERY_MS, undefined, { ref: false });
  }
}

/** A refusal is an answer: who is there to refuse is not frozen, and a dead process is noticed by its exit. */
async function answers(url: string): Promise<boolean> {
  try {
    const response = await fetch(url, { signal: AbortSignal.timeout(ANSWER_WITHIN_MS) });
    await response.arrayBuffer();
    return true;
  } catch (error) {
    return (error as Error).name !== 'TimeoutError';
  }
}
