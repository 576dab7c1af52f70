import { describe, expect, it } from 'vitest';
import type { LeaseEntry } from './lease-board.js';
import { LeaseWatch } from './lease-watch.js';

const at = (revision: number): LeaseEntry => ({ revision, lease: { holder: 'a', process: 'p', epoch: 1, url: '', state: 'held' } });

describe('a watch over a lease', () => {
  it('counts from the first look at a revision', () => {
    const watch = new LeaseWatch();
    expect([watch.saw(at(5), 10_000), watch.saw(at(5), 10_400), watch.saw(at(5), 11_000)]).toEqual([0, 400, 1_000]);
    expect(watch.saw(at(6), 11_400)).toBe(0);
    expect(watch.saw(at(6), 12_000)).toBe(600);
  });

  it('counts the absence of a lease the same way', () => {
    const watch = new LeaseWatch();
    expect([watch.saw(undefined, 0), watch.saw(undefined, 900), watch.saw(at(1), 1_500), watch.saw(undefined, 2_000)]).toEqual([0, 900, 0, 0]);
  });

  it('begins anew after it was blind: what it did not see may have moved and lies still again', () => {
    const watch = new LeaseWatch();
    watch.saw(at(5), 0);
    watch.saw(at(5), 900);
    expect(watch.saw(at(5), 60_000)).toBe(0);
    expect(watch.saw(at(5), 60_800)).toBe(800);
  });
});
