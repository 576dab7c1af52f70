import { decodeAlaw, decodeUlaw, encodeAlaw, encodeUlaw } from './g711.js';

/** Turns G.711 into 16-bit little-endian linear bytes and back by tables: no arithmetic, no arrays between. `decode(encode(decode(b)))` is `decode(b)`. */
export interface SlinCodec {
  /** Writes two bytes for each of `wire` into `target` from `at` on. */
  decodeInto(wire: Uint8Array, target: Uint8Array, at: number): void;
  /** One G.711 byte for each two of `slin`, in a new array; an odd last byte is left out. */
  encode(slin: Uint8Array): Uint8Array<ArrayBuffer>;
}

class TableCodec implements SlinCodec {
  private readonly low: Uint8Array;
  private readonly high: Uint8Array;
  private readonly codes: Uint8Array;

  constructor(decode: (wire: Uint8Array) => Int16Array, encode: (pcm: Int16Array) => Uint8Array) {
    const samples = decode(Uint8Array.from({ length: 0x100 }, (_, code) => code));
    this.low = Uint8Array.from(samples, (sample) => sample & 0xff);
    this.high = Uint8Array.from(samples, (sample) => (sample >> 8) & 0xff);
    this.codes = encode(Int16Array.from({ length: 0x10000 }, (_, sample) => sample));
  }

  decodeInto(wire: Uint8Array, target: Uint8Array, at: number): void {
    const { low, high } = this;
    let place = at;
    for (let i = 0; i < wire.length; i += 1) {
      const code = wire[i]!;
      target[place] = low[code]!;
      target[place + 1] = high[code]!;
      place += 2;
    }
  }

  encode(slin: Uint8Array): Uint8Array<ArrayBuffer> {
    const { codes } = this;
    const out = new Uint8Array(slin.length >> 1);
    for (let i = 0, at = 0; i < out.length; i += 1, at += 2) out[i] = codes[slin[at]! | (slin[at + 1]! << 8)]!;
    return out;
  }
}

/** µ-law and 16-bit little-endian linear. */
export const ulawSlin: SlinCodec = new TableCodec(decodeUlaw, encodeUlaw);
/** A-law and 16-bit little-endian linear. */
export const alawSlin: SlinCodec = new TableCodec(decodeAlaw, encodeAlaw);
