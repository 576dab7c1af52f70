import { describe, expect, it } from 'vitest';
import { detectTone } from './goertzel.js';
import { dbfs } from './level.js';
import { resample, Resampler } from './resample.js';
import { silence, tone } from './tones.js';

const PAIRS = [
  [8000, 16_000],
  [16_000, 8000],
  [8000, 24_000],
  [24_000, 8000],
  [16_000, 24_000],
  [24_000, 16_000],
  [44_100, 8000],
] as const;

/** The settled middle: filters ring at both ends of a piece. */
const middle = (samples: Int16Array): Int16Array => samples.subarray(samples.length >> 2, (samples.length * 3) >> 2);

describe('resampling', () => {
  it.each(PAIRS)('%i to %i Hz keeps level and pitch to 3.4 kHz', (from, to) => {
    for (const hz of [300, 1000, 2500, 3400]) {
      const original = tone(hz, 400, { rate: from, level: -12 });
      const out = middle(resample(original, from, to));
      expect(dbfs(out) - dbfs(middle(original)), `${hz} Hz`).toBeCloseTo(0, 0.5);
      expect(detectTone(out, hz, { rate: to, blockMs: 100 }), `${hz} Hz`).toBeGreaterThan(0.999);
    }
  });

  it.each([
    [16_000, 8000, [4500, 5000, 6000, 7000, 7700]],
    [24_000, 8000, [4500, 5000, 7000, 8000, 9000, 11_000]],
    [24_000, 16_000, [9000, 10_000, 11_500]],
  ] as const)('%i to %i Hz lets nothing from above fold into the band (-65 dB)', (from, to, tones) => {
    for (const hz of tones) expect(dbfs(middle(resample(tone(hz, 300, { rate: from, level: -4 }), from, to))), `${hz} Hz`).toBeLessThan(-69);
  });

  it.each([
    [8000, 16_000],
    [8000, 24_000],
  ] as const)('%i to %i Hz leaves no image above the old Nyquist frequency', (from, to) => {
    const out = middle(resample(tone(1000, 300, { rate: from, level: -4 }), from, to));
    for (const image of [7000, 9000, 11_000].filter((hz) => hz < to / 2)) expect(detectTone(out, image, { rate: to, blockMs: 100 }), `${image} Hz`).toBeLessThan(1e-6);
  });

  it.each(PAIRS)('%i to %i Hz gives the same samples however the stream is cut', (from, to) => {
    const original = tone([440, 1230], 200, { rate: from });
    const whole = new Resampler(from, to).push(original);
    for (const size of [1, 7, 160, 333]) {
      const pieces = new Resampler(from, to);
      const out: number[] = [];
      for (let at = 0; at < original.length; at += size) out.push(...pieces.push(original.subarray(at, at + size)));
      expect(Int16Array.from(out), `pieces of ${size}`).toEqual(whole);
    }
  });

  it.each(PAIRS)('%i to %i Hz keeps length and alignment of a whole piece', (from, to) => {
    const click = silence(100, from);
    click.fill(20_000, from / 20, from / 20 + from / 1000);
    const out = resample(click, from, to);
    expect(out.length).toBe(Math.ceil((click.length * to) / from));
    const energyCentre = out.reduce((sum, sample, i) => sum + i * sample ** 2, 0) / out.reduce((sum, sample) => sum + sample ** 2, 0);
    expect((energyCentre * 1000) / to).toBeCloseTo(50.5, 0);
  });

  it('keeps a constant exact, clips instead of wrapping, passes equal rates through', () => {
    expect(new Set(middle(resample(new Int16Array(800).fill(1000), 8000, 24_000)))).toEqual(new Set([1000]));
    const square = Int16Array.from({ length: 800 }, (_, i) => (i % 16 < 8 ? 32_767 : -32_768));
    expect(resample(square, 8000, 24_000).every((sample, i, all) => i === 0 || Math.abs(sample - all[i - 1]!) < 50_000)).toBe(true);
    expect(resample(square, 8000, 8000)).toEqual(square);
  });

  it('refuses rates that make no sense', () => {
    expect(() => new Resampler(8000, 0)).toThrow(/8000 Hz to 0 Hz/);
    expect(() => new Resampler(8000, 8001)).toThrow(RangeError);
  });

  it('tells its delay', () => {
    expect(new Resampler(24_000, 8000).delayMs).toBeLessThan(2.5);
    expect(new Resampler(8000, 8000).delayMs).toBe(0);
  });
});
