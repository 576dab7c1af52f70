import { describe, expect, it } from 'vitest';
import { decodeUlaw, encodeUlaw } from './g711.js';
import { detectTone, findTone, hearsTone } from './goertzel.js';
import { concatSamples, splitFrames } from './frames.js';
import { dbfs } from './level.js';
import { detectDtmf, DtmfDetector } from './dtmf-detector.js';
import { dtmfTones, silence, tone } from './tones.js';

/** Repeatable noise, so that a failure can be seen again. */
function noise(count: number, amplitude: number): Int16Array {
  let state = 0x2545f491;
  return Int16Array.from({ length: count }, () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) | 0;
    return (state / 0x80000000) * amplitude;
  });
}
const mixed = (a: Int16Array, b: Int16Array): Int16Array => a.map((sample, i) => sample + (b[i] ?? 0));

describe('tones', () => {
  it('makes tones of the asked level and length', () => {
    expect(tone(1000, 250)).toHaveLength(2000);
    expect(dbfs(tone(1000, 500, { level: -20 }))).toBeCloseTo(-20, 1);
    expect(dbfs(tone([350, 440], 500, { level: -20 }))).toBeCloseTo(-17, 1);
    expect(tone(1000, 100, { rate: 24_000 })).toHaveLength(2400);
    expect(dbfs(silence(20))).toBe(-96);
  });

  it.each([300, 437, 1000, 2333, 3300])('tells a %i Hz tone from its neighbours, through µ-law and in frames', (hz) => {
    const wire = encodeUlaw(tone(hz, 500));
    expect(detectTone(wire, hz)).toBeGreaterThan(0.95);
    expect(detectTone(splitFrames(wire), hz)).toBeGreaterThan(0.95);
    for (const other of [hz - 60, hz + 60]) expect(detectTone(wire, other), `${other} Hz`).toBeLessThan(0.1);
  });

  it('gives 0 for silence and little for noise, and each half of a dual tone its half', () => {
    expect(detectTone(silence(500), 1000)).toBe(0);
    expect(detectTone(new Int16Array(0), 1000)).toBe(0);
    expect(detectTone(noise(4000, 8000), 1000)).toBeLessThan(0.05);
    expect(detectTone(tone([600, 1400], 400), 600)).toBeCloseTo(0.5, 1);
  });

  it('finds where a tone is, and not one too short, too faint or broken', () => {
    const heard = findTone(concatSamples([silence(200), tone(700, 200), silence(200)]), 700);
    expect(heard?.fromMs).toBe(200);
    expect(heard?.toMs).toBe(400);
    expect(hearsTone(concatSamples([silence(200), tone(700, 40), silence(200)]), 700)).toBe(false);
    expect(hearsTone(tone(700, 400, { level: -60 }), 700)).toBe(false);
    expect(hearsTone(concatSamples([tone(700, 40), silence(40), tone(700, 40), silence(40)]), 700)).toBe(false);
  });
});

describe('DTMF', () => {
  it.each([
    ['as made', (samples: Int16Array) => samples],
    ['through µ-law', (samples: Int16Array) => decodeUlaw(encodeUlaw(samples))],
    ['in noise 20 dB down', (samples: Int16Array) => mixed(samples, noise(samples.length, 1000))],
  ])('hears all sixteen keys %s, once each', (_how, spoil) => {
    expect(detectDtmf(spoil(dtmfTones('1234567890*#ABCD')))).toBe('1234567890*#ABCD');
  });

  it('hears a key whose high tone is 3 dB up or whose low tone is 6 dB up', () => {
    expect(detectDtmf(mixed(tone(770, 100, { level: -18 }), tone(1336, 100, { level: -15 })))).toBe('5');
    expect(detectDtmf(mixed(tone(770, 100, { level: -15 }), tone(1336, 100, { level: -21 })))).toBe('5');
  });

  it.each([0, 3, 37, 71])('hears the shortest digits that Q.24 asks for at offset %i, repeated keys too', (offset) => {
    expect(detectDtmf(concatSamples([new Int16Array(offset), dtmfTones('110099', { onMs: 40, offMs: 40, level: -20 })]))).toBe('110099');
  });

  it('does not double a digit when a frame in its middle is lost', () => {
    const digit = dtmfTones('5', { onMs: 200 });
    digit.fill(0, 800, 860);
    expect(detectDtmf(digit)).toBe('5');
  });

  it('tells when and how long, from chunks of any size', () => {
    const detector = new DtmfDetector();
    const samples = concatSamples([silence(300), dtmfTones('7', { onMs: 120, offMs: 200 })]);
    const heard = splitFrames(encodeUlaw(samples), 97).flatMap((frame) => detector.push(decodeUlaw(frame)));
    expect(heard).toHaveLength(1);
    expect(heard[0]!.digit).toBe('7');
    expect(Math.abs(heard[0]!.atMs - 300)).toBeLessThan(13);
    expect(Math.abs(heard[0]!.durationMs - 120)).toBeLessThan(26);
  });

  it.each([
    ['silence', silence(500)],
    ['one tone', tone(697, 500)],
    ['dial tone', tone([350, 440], 500)],
    ['noise', noise(8000, 12_000)],
    ['twist beyond the limit', mixed(tone(770, 300, { level: -30 }), tone(1336, 300, { level: -12 }))],
    ['two keys at once', tone([697, 770, 1209, 1336], 300, { level: -18 })],
    ['20 ms of a key', concatSamples([silence(100), dtmfTones('5', { onMs: 20, offMs: 100 })])],
    ['a sung vowel', mixed(tone([220, 440, 660, 880, 1100], 500, { level: -24 }), tone([1320, 2200], 500, { level: -30 }))],
  ])('hears no digit in %s', (_what, samples) => {
    expect(detectDtmf(samples)).toBe('');
  });

  it('refuses what is no key', () => {
    expect(() => dtmfTones('12x')).toThrow(/'x' is no DTMF key/);
  });
});
