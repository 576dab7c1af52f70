import { beforeAll, describe, expect, it } from 'vitest';

/** What a test does with its call around an outage. */
export interface Sufferer {
  /** What may not be long before the outage. */
  justBefore?(): unknown;
  /** While it lasts. */
  meanwhile?(): unknown;
  /** What the test expects once it is over. */
  afterwards(): Promise<void>;
}

export interface Outage {
  begin(): unknown;
  end(): unknown;
}

/**
 * One outage proves what it does to calls in many states: each test brings its call into one (its phones are its own), then comes the outage, and then each
 * is a test of its own again, all of them beside each other. A state that can't be reached fails them all.
 */
export function throughOneOutage(outage: Outage, tests: Readonly<Record<string, () => Promise<Sufferer>>>): void {
  describe.concurrent('at once', { timeout: 60_000 }, () => {
    const sufferers = new Map<string, Sufferer>();

    beforeAll(async () => {
      // One after the other: so many calls begun at once would be a test of the machine.
      for (const [name, begin] of Object.entries(tests)) sufferers.set(name, await begin());
      const all = [...sufferers.values()];
      await Promise.all(all.map((each) => each.justBefore?.()));
      await outage.begin();
      await Promise.all(all.map((each) => each.meanwhile?.()));
      await outage.end();
    }, 120_000);

    it.each(Object.keys(tests))('%s', async (name) => {
      const sufferer = sufferers.get(name);
      expect(sufferer).toBeDefined();
      await sufferer?.afterwards();
    });
  });
}
