import { expect, it } from 'vitest';
import { boundOfMany, boundOfOne, covered, roundTrips } from './bounds.js';

const PACE = { latencyMs: 150, purchaseMs: 600 };

it('the bounds are those of the reference', () => {
  expect(boundOfOne(PACE, 1)).toBe(900);
  expect(boundOfOne(PACE, 2)).toBe(900);
  expect(boundOfOne({ ...PACE, purchaseMs: 200 }, 2)).toBe(600);
  expect([10, 20, 50].map((places) => boundOfMany(PACE, 1_000, places))).toEqual([90_450, 45_450, 18_450]);
});

it('round trips are those that waited for each other', () => {
  expect(roundTrips([])).toBe(0);
  expect(roundTrips([{ began: 0, ended: 10 }, { began: 1, ended: 9 }, { began: 10, ended: 20 }, { began: 11, ended: 30 }, { began: 25, ended: 35 }])).toBe(3);
  expect(roundTrips([{ began: 0, ended: 100 }, { began: 1, ended: 2 }, { began: 3, ended: 4 }])).toBe(2);
});

it('what no request covers is not the account’s', () => {
  expect(covered([{ began: 20, ended: 30 }, { began: 0, ended: 10 }, { began: 5, ended: 12 }, { began: 6, ended: 7 }])).toBe(22);
});
