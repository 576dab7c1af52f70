import { setTimeout as sleep } from 'node:timers/promises';

/** Waits until `probe` gives something, asking every 25 ms; after `withinMs` throws with what was waited for and what was seen last. */
export async function eventually<T>(what: string, probe: () => Promise<T | undefined | false> | T | undefined | false, withinMs = 10_000): Promise<T> {
  const deadline = performance.now() + withinMs;
  let last: unknown;
  for (;;) {
    try {
      const value = await probe();
      if (value !== undefined && value !== false) return value;
      last = value;
    } catch (error) {
      last = error;
    }
    if (performance.now() > deadline) throw new Error(`${what}: not within ${withinMs} ms; last seen: ${String(last)}`, { cause: last });
    await sleep(25);
  }
}
