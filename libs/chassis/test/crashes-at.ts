import { describe, expect, it } from 'vitest';
import { CrashLab } from './crash-lab.js';
import { passes } from './crash-points.js';

/** Specs that kill a service at these points, chain by chain, all chains at once. */
export function crashesAt(chains: readonly (readonly string[])[]): void {
  describe.concurrent('a service killed at', () => {
    it.each(chains.map((chain) => [chain.join(', '), chain] as const))('%s loses nothing and doubles nothing', { timeout: 300_000 * passes }, async (_, chain) => {
      const lab = await CrashLab.open();
      try {
        const { outcome, expected } = await lab.crashAt(chain);
        expect(outcome.effects.toSorted()).toEqual(expected.effects.toSorted());
        expect(outcome.tickets.toSorted()).toEqual(expected.tickets.toSorted());
        expect(outcome.deadLetters.toSorted()).toEqual(expected.deadLetters.toSorted());
        expect(outcome.unreadable).toBe(expected.unreadable);
        expect(outcome.answers).toEqual(expected.answers);
        // Within each call in order.
        const own = (names: readonly string[], call: string): string[] => names.filter((name) => name.startsWith(`${call} `));
        for (const call of new Set(expected.effects.map((name) => name.split(' ')[0] ?? '').filter((name) => !name.includes(':')))) expect(own(outcome.effects, call)).toEqual(own(expected.effects, call));
      } finally {
        await lab.close();
      }
    });
  });
}
