import { describe, expect, it } from 'vitest';
import { ALAW_SILENCE, alawToUlaw, decodeAlaw, decodeUlaw, encodeAlaw, encodeUlaw, ULAW_SILENCE, ulawToAlaw } from './g711.js';
import { goertzelPower } from './goertzel.js';
import { peak } from './level.js';

const codes = Uint8Array.from({ length: 256 }, (_, code) => code);

/** ITU-T G.711 tables 5 and 6: one period of the 1 kHz sequence at 0 dBm0. */
const ALAW_MILLIWATT = Uint8Array.of(0x34, 0x21, 0x21, 0x34, 0xb4, 0xa1, 0xa1, 0xb4);
const ULAW_MILLIWATT = Uint8Array.of(0x1e, 0x0b, 0x0b, 0x1e, 0x9e, 0x8b, 0x8b, 0x9e);

describe('G.711', () => {
  it.each([
    ['µ-law', 'table 2a: decoder outputs of the 14-bit scale times 4', decodeUlaw, [[0xff, 0], [0xfe, 8], [0xef, 132], [0xce, 988], [0x80, 32_124], [0x00, -32_124], [0x7e, -8], [0x7f, 0]]],
    ['A-law', 'table 1a: decoder outputs of the 13-bit scale times 8', decodeAlaw, [[0xd5, 8], [0xd4, 24], [0x55, -8], [0xaa, 32_256], [0x2a, -32_256], [0xc5, 264], [0xf5, 528]]],
  ] as const)('decodes %s by the Recommendation, %s', (_law, _table, decode, pairs) => {
    for (const [code, sample] of pairs) expect(decode(Uint8Array.of(code))[0], `code 0x${code.toString(16)}`).toBe(sample);
  });

  it.each([
    ['µ-law', ULAW_MILLIWATT, decodeUlaw, encodeUlaw, 4 * 8159, 3.17],
    ['A-law', ALAW_MILLIWATT, decodeAlaw, encodeAlaw, 8 * 4096, 3.14],
  ] as const)('takes the %s milliwatt sequence as 1 kHz at 0 dBm0', (_law, period, decode, encode, overload, headroomDb) => {
    const wire = Uint8Array.from({ length: 800 }, (_, i) => period[i % 8]!);
    const samples = decode(wire);
    const amplitude = (2 * Math.sqrt(goertzelPower(samples, 1000))) / samples.length;
    expect(20 * Math.log10(overload / amplitude)).toBeCloseTo(headroomDb, 1);
    expect(encode(samples)).toEqual(wire);
  });

  it('gives back every code it decoded, but µ-law minus zero, which is zero', () => {
    expect(encodeUlaw(decodeUlaw(codes))).toEqual(codes.map((code) => (code === 0x7f ? 0xff : code)));
    expect(encodeAlaw(decodeAlaw(codes))).toEqual(codes);
  });

  it.each([
    ['µ-law, table 2a', encodeUlaw, 4, [[1, 1], [15, 2], [16, 4], [16, 8], [16, 16], [16, 32], [16, 64], [16, 128], [15, 256]], 0xff],
    ['A-law, table 1a', encodeAlaw, 8, [[32, 2], [16, 4], [16, 8], [16, 16], [16, 32], [16, 64], [15, 128]], 0xd5],
  ] as const)('changes the code of a positive sample exactly at the decision values of %s', (_law, encode, scale, intervals, firstCode) => {
    const decisions: number[] = [];
    for (const [count, size] of intervals) for (let i = 0; i < count; i += 1) decisions.push((decisions.at(-1) ?? 0) + size * scale);
    expect(decisions).toHaveLength(127);
    const positives = Int16Array.from({ length: 32_768 }, (_, sample) => sample);
    const mask = firstCode === 0xd5 ? 0x55 : 0x7f;
    const places = encode(positives).map((code) => (code ^ mask) & 0x7f);
    let place = 0;
    const expected = Uint8Array.from(positives, (sample) => (place < 127 && sample >= decisions[place]! ? (place += 1) : place));
    expect(places).toEqual(expected);
    expect(encode(Int16Array.of(0))[0]).toBe(firstCode);
  });

  it('treats both signs alike', () => {
    for (const [encode, decode, mirror] of [[encodeUlaw, decodeUlaw, 0], [encodeAlaw, decodeAlaw, -1]] as const) {
      const samples = Int16Array.from({ length: 32_000 }, (_, sample) => sample);
      // A-law has a decision value at zero, so -1 mirrors 0.
      expect(decode(encode(samples.map((sample) => mirror - sample))).map((value) => 0 - value)).toEqual(decode(encode(samples)));
    }
  });

  it('knows silence, and goes between the laws with no more than a step of error', () => {
    expect(decodeUlaw(Uint8Array.of(ULAW_SILENCE))[0]).toBe(0);
    expect(decodeAlaw(Uint8Array.of(ALAW_SILENCE))[0]).toBe(8);
    expect(ulawToAlaw(ULAW_MILLIWATT)).toEqual(ALAW_MILLIWATT);
    expect(alawToUlaw(ALAW_MILLIWATT)).toEqual(ULAW_MILLIWATT);
    expect(peak(decodeAlaw(ulawToAlaw(codes)))).toBe(32_256);
  });
});
