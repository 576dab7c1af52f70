import { describe, expect, it } from 'vitest';
import { estimateMos } from './e-model.js';

describe('the estimate of how speech was heard', () => {
  it('is near the best of G.711 for an undisturbed path', () => {
    expect(estimateMos({ lossShare: 0, jitterMs: 0 })).toBeCloseTo(4.4, 1);
  });

  it.each([
    // G.113 table I.4 with Bpl 25.1: 5 % of loss take 15.8 off R.
    [{ lossShare: 0.05, jitterMs: 0 }, 3.9],
    [{ lossShare: 0.1, jitterMs: 0 }, 3.35],
    [{ lossShare: 0, jitterMs: 0, roundTripMs: 600 }, 3.6],
  ])('of %j is about %d', (path, mos) => {
    expect(Math.abs(estimateMos(path) - mos)).toBeLessThan(0.1);
  });

  it('falls with loss, jitter and delay, and stays between 1 and 4.5', () => {
    const losses = [0, 0.01, 0.03, 0.1, 0.5, 1].map((lossShare) => estimateMos({ lossShare, jitterMs: 5 }));
    const jitters = [0, 10, 50, 200, 2_000].map((jitterMs) => estimateMos({ lossShare: 0, jitterMs }));
    for (const scores of [losses, jitters]) {
      expect(scores).toEqual(scores.toSorted((one, other) => other - one));
      expect(scores.every((score) => score >= 1 && score <= 4.5)).toBe(true);
    }
  });
});
