import { describe, expect, it } from 'vitest';
import { ToldTogether } from './told-together.js';

describe('things that are told together', () => {
  /** Writes that end when they are let go. */
  function writer(most: number) {
    const batches: number[][] = [];
    const ends: ((error?: Error) => void)[] = [];
    const together = new ToldTogether<number>((things) => new Promise((resolve, reject) => {
      batches.push([...things]);
      ends.push((error) => (error === undefined ? resolve() : reject(error)));
    }), most);
    return { batches, together, end: (error?: Error): void => ends.shift()?.(error) };
  }

  it('are written at once when alone, and else with all that came meanwhile, none before its batch is written', async () => {
    const { batches, together, end } = writer(3);
    const done: number[] = [];
    const told = [1, 2, 3, 4, 5].map(async (thing) => {
      await together.tell(thing);
      done.push(thing);
    });
    expect(batches).toEqual([[1]]);
    end();
    await told[0];
    expect(batches).toEqual([[1], [2, 3, 4]]);
    expect(done).toEqual([1]);
    end();
    await told[3];
    end();
    await Promise.all(told);
    expect(batches).toEqual([[1], [2, 3, 4], [5]]);
  });

  it('fail with their batch, and what comes after is written all the same', async () => {
    const { together, end } = writer(2);
    const told = [1, 2, 3].map((thing) => together.tell(thing));
    const settled = Promise.allSettled(told);
    end(new Error('away'));
    await expect(told[0]).rejects.toThrow('away');
    end();
    expect((await settled).map(({ status }) => status)).toEqual(['rejected', 'fulfilled', 'fulfilled']);
    const later = together.tell(4);
    end();
    await expect(later).resolves.toBeUndefined();
  });
});
