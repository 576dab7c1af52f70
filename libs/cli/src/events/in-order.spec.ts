import { describe, expect, it } from 'vitest';
import { InOrder } from './in-order.js';

const at = (ms: number): string => new Date(1_000 + ms).toISOString();

describe('events in order', () => {
  it('are told by the time of the fact, not of the arrival', () => {
    let now = 0;
    const told: string[] = [];
    const order = new InOrder<string>((event) => told.push(event), 100, () => now);
    order.push('second', at(20));
    now = 60;
    order.push('first', at(10));
    order.push('third', at(30));
    now = 100;
    order.settle();
    expect(told).toEqual(['first', 'second']);
    now = 160;
    order.settle();
    order.end();
    expect(told).toEqual(['first', 'second', 'third']);
  });

  it('keep the order of arrival within one millisecond, and lose nothing that comes too late', () => {
    let now = 0;
    const told: string[] = [];
    const order = new InOrder<string>((event) => told.push(event), 100, () => now);
    for (const id of ['a', 'b', 'c']) order.push(id, at(5));
    now = 200;
    order.settle();
    order.push('late', at(1));
    order.end();
    expect(told).toEqual(['a', 'b', 'c', 'late']);
  });

  it('settle by themselves', async () => {
    const told = await new Promise<string>((resolve) => new InOrder<string>(resolve, 5).push('alone', at(0)));
    expect(told).toBe('alone');
  });
});
