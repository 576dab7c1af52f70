import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { KeyedQueue } from './keyed-queue.js';

describe('the keyed queue', () => {
  it('keeps each key in order, never runs two of one key or more than its limit, and runs all', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(fc.constantFrom('a', 'b', 'c', 'd'), { maxLength: 40 }), fc.integer({ min: 1, max: 4 }), async (keys, limit) => {
        const queue = new KeyedQueue(limit);
        const done: [string, number][] = [];
        const running = new Map<string, number>();
        keys.forEach((key, index) => {
          queue.push(key, async () => {
            running.set(key, (running.get(key) ?? 0) + 1);
            expect(running.get(key)).toBe(1);
            expect([...running.values()].reduce((sum, count) => sum + count, 0)).toBeLessThanOrEqual(limit);
            for (let turn = 0; turn < index % 3; turn += 1) await Promise.resolve();
            running.set(key, 0);
            done.push([key, index]);
          });
        });
        await queue.idle();
        expect(done).toHaveLength(keys.length);
        for (const key of new Set(keys)) {
          const order = done.filter(([of]) => of === key).map(([, index]) => index);
          expect(order).toEqual(order.toSorted((a, b) => a - b));
        }
      }),
      { numRuns: 200 },
    );
  });

  it('does not let one key keep others waiting', async () => {
    const queue = new KeyedQueue(2);
    const gate = Promise.withResolvers<void>();
    const done: string[] = [];
    for (let index = 0; index < 3; index += 1) queue.push('slow', () => gate.promise);
    queue.push('quick', async () => void done.push('quick'));
    await Promise.resolve();
    expect(done).toEqual(['quick']);
    gate.resolve();
    await queue.idle();
  });
});
