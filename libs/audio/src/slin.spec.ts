import { describe, expect, it } from 'vitest';
import { decodeAlaw, decodeUlaw, encodeAlaw, encodeUlaw } from './g711.js';
import { alawSlin, ulawSlin } from './slin.js';

const codes = Uint8Array.from({ length: 256 }, (_, code) => code);

describe('linear bytes of G.711', () => {
  it.each([
    ['µ-law', ulawSlin, decodeUlaw, encodeUlaw],
    ['A-law', alawSlin, decodeAlaw, encodeAlaw],
  ] as const)('agree with %s for every code and every sample', (_law, codec, decode, encode) => {
    const bytes = new Uint8Array(3 + 2 * codes.length);
    codec.decodeInto(codes, bytes, 3);
    const view = new DataView(bytes.buffer);
    expect(Array.from(codes, (_, i) => view.getInt16(3 + 2 * i, true))).toEqual([...decode(codes)]);
    expect([...bytes.subarray(0, 3)]).toEqual([0, 0, 0]);
    const samples = Int16Array.from({ length: 0x10000 }, (_, i) => i - 0x8000);
    expect(codec.encode(new Uint8Array(samples.buffer))).toEqual(encode(samples));
    expect(codec.encode(bytes.subarray(3))).toEqual(encode(decode(codes)));
  });

  it('leave half a sample out', () => {
    expect(ulawSlin.encode(Uint8Array.of(0, 0, 7))).toEqual(Uint8Array.of(0xff));
  });
});
