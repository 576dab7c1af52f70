import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { FrameClock } from './frame-clock.js';

const HOUR_MS = 3_600_000;

/** Runs a clock through the given times and counts the frames of each slot, and the most of one slot at a time. */
function run(clock: FrameClock, times: Iterable<number>): { counts: number[]; burst: number; forgiven: number } {
  const counts = [0, 0, 0, 0];
  let burst = 0;
  let forgiven = 0;
  for (const now of times) {
    const before = [...counts];
    forgiven += clock.advance(now, (slot) => (counts[slot]! += 1));
    burst = Math.max(burst, ...counts.map((count, slot) => count - before[slot]!));
  }
  return { counts, burst, forgiven };
}

function* late(latenesses: readonly number[], untilMs: number, began = 0): Generator<number> {
  for (let step = 0, i = 0; began + step * 5 + 55 < untilMs; step += 1, i += 1) yield began + step * 5 + latenesses[i % latenesses.length]!;
  yield untilMs;
}

describe('the clock of paced legs', () => {
  it('gives every slot exactly one frame per 20 ms over an hour, however late each turn comes', () => {
    fc.assert(
      fc.property(fc.array(fc.double({ min: 0, max: 55, noNaN: true }), { minLength: 1, maxLength: 50 }), (latenesses) => {
        const times = [...late(latenesses, HOUR_MS)].sort((a, b) => a - b);
        expect(run(new FrameClock(0), times).counts).toEqual([HOUR_MS / 20 + 1, HOUR_MS / 20, HOUR_MS / 20, HOUR_MS / 20]);
      }),
      { numRuns: 3 },
    );
  });

  it('does not gain or lose with a timer of odd period and a start that is no whole number', () => {
    const began = 123_456.789;
    const times = Array.from({ length: Math.floor(HOUR_MS / 21.3) }, (_, i) => began + i * 21.3);
    const { counts, burst } = run(new FrameClock(began), times);
    expect(counts[0]).toBe(Math.floor((times.at(-1)! - began) / 20) + 1);
    expect(burst).toBe(2);
  });

  it('never gives a leg more than three frames at once, and forgives the rest in whole frames', () => {
    fc.assert(
      fc.property(fc.array(fc.double({ min: 0, max: 2_000, noNaN: true }), { minLength: 1, maxLength: 60 }), (gaps) => {
        let now = 1_000;
        const clock = new FrameClock(now);
        for (const gap of gaps) {
          const phase = clock.nextAt % 5;
          const late = now + gap - clock.nextAt;
          const { burst, forgiven } = run(clock, [(now += gap)]);
          expect(forgiven).toBe(Math.max(0, Math.floor((late - 60) / 20) + 1));
          expect(burst).toBeLessThanOrEqual(3);
          expect(clock.nextAt).toBeGreaterThan(now);
          expect(clock.nextAt).toBeLessThanOrEqual(now + 5);
          expect(clock.nextAt % 5).toBeCloseTo(phase, 6);
        }
      }),
    );
  });
});
