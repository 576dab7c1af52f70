import { describe, expect, it } from 'vitest';
import { usageTriggersOf } from './env-guards.js';

describe('usage triggers in a line', () => {
  it.each([
    ['daily-spend=50/day', { name: 'daily-spend', above: 50, every: 'day', category: 'totalprice', by: 'price' }],
    ['calls=5000/month:calls-outbound:count', { name: 'calls', above: 5_000, every: 'month', category: 'calls-outbound', by: 'count' }],
    ['all=0.5/ever:calls', { name: 'all', above: 0.5, every: 'ever', category: 'calls', by: 'price' }],
  ])('%s', (text, expected) => {
    expect(usageTriggersOf([text])).toEqual([expected]);
  });

  it.each(['daily-spend', 'daily-spend=50', 'daily-spend=many/day', 'x=5/fortnight', 'x=5/day:calls:weight'])('%s are none, and it is said how to write them', (text) => {
    expect(() => usageTriggersOf([text])).toThrow(/is no usage trigger/);
  });

  it('not given are none at all', () => {
    expect(usageTriggersOf(undefined)).toBeUndefined();
  });
});
