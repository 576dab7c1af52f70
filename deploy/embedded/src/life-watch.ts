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
    const said = await ask(url);
    const late = performance.now() - began > ANSWER_WITHIN_MS + OWN_STALL_MS;
    // A refusal arms nothing: a program that is only being loaded answers nobody for as long as that takes.
    answered ||= said === 'answer';
    misses = said === 'silence' && answered && !late ? misses + 1 : 0;
    if (misses === MISSES && isOn()) return frozen();
    await sleep(EVERY_MS, undefined, { ref: false });
  }
}

/** A refusal is no silence: who is there to refuse is not frozen, and a dead process is noticed by its exit. */
async function ask(url: string): Promise<'answer' | 'refusal' | 'silence'> {
  try {
    const response = await fetch(url, { signal: AbortSignal.timeout(ANSWER_WITHIN_MS) });
    await response.arrayBuffer();
    return 'answer';
  } catch (error) {
    return (error as Error).name === 'TimeoutError' ? 'silence' : 'refusal';
  }
}
