import { expect, it } from 'vitest';
import { alternate, median, percentile, table } from './figures.js';

it('takes nearest ranks', () => {
  expect(percentile([5, 1, 4, 2, 3], 0.5)).toBe(3);
  expect(percentile([1, 2, 3, 4], 0.99)).toBe(4);
  expect(median([])).toBeNaN();
});

it('runs contenders in turn and quotes medians', async () => {
  const order: string[] = [];
  const contender = (name: string, values: number[]) => () => {
    order.push(name);
    return Promise.resolve({ 'p50 ms': values.shift() ?? 0 });
  };
  const result = await alternate(3, { ours: contender('ours', [9, 1, 2]), bound: contender('bound', [1, 1, 7]) });
  expect(order).toEqual(['ours', 'bound', 'ours', 'bound', 'ours', 'bound']);
  expect(result).toEqual({ ours: { 'p50 ms': 2 }, bound: { 'p50 ms': 1 } });
  expect(table(result).split('\n')[2]).toBe('| ours  | 2.00   |');
});
