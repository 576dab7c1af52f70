/**
 * G.711 (ITU-T G.711, 11/1988). Linear samples are signed 16-bit, left-justified: the 14-bit µ-law and 13-bit A-law scales of the
 * Recommendation times 4 and 8. Encoding decides at the Recommendation's decision values with all 16 bits, so decode(encode(decode(b))) is decode(b).
 */

/** The µ-law code of a zero sample: what a silent 20 ms frame is filled with. */
export const ULAW_SILENCE = 0xff;
/** The A-law code of the smallest positive sample; A-law has no exact zero. */
export const ALAW_SILENCE = 0xd5;

const ULAW_BIAS = 0x84;
const ULAW_CLIP = 0x7fff - ULAW_BIAS;

/** Segment of a magnitude whose lowest segment ends below 256: 0 to 7, as both laws count it. */
const segmentOf = (magnitude: number): number => Math.max(0, 31 - Math.clz32(magnitude) - 7);

function ulawCode(sample: number): number {
  const magnitude = Math.min(Math.abs(sample), ULAW_CLIP) + ULAW_BIAS;
  const segment = segmentOf(magnitude);
  const code = (segment << 4) | ((magnitude >> (segment + 3)) & 0x0f);
  // Every bit is sent inverted; a set sign bit on the wire means positive.
  return ~(sample < 0 ? code | 0x80 : code) & 0xff;
}

function ulawSample(wire: number): number {
  const code = ~wire & 0xff;
  const magnitude = ((((code & 0x0f) << 3) + ULAW_BIAS) << ((code >> 4) & 7)) - ULAW_BIAS;
  return code & 0x80 ? 0 - magnitude : magnitude;
}

function alawCode(sample: number): number {
  // One's complement makes the negative steps mirror the positive ones around the decision value at zero.
  const magnitude = sample < 0 ? ~sample : sample;
  const segment = segmentOf(magnitude);
  const mantissa = (magnitude >> (segment === 0 ? 4 : segment + 3)) & 0x0f;
  return ((sample < 0 ? 0 : 0x80) | (segment << 4) | mantissa) ^ 0x55;
}

function alawSample(wire: number): number {
  const code = wire ^ 0x55;
  const segment = (code >> 4) & 7;
  const step = ((code & 0x0f) << 4) + 8;
  const magnitude = segment === 0 ? step : (step + 0x100) << (segment - 1);
  return code & 0x80 ? magnitude : -magnitude;
}

const codeTable = (encode: (sample: number) => number): Uint8Array =>
  Uint8Array.from({ length: 0x10000 }, (_, index) => encode((index << 16) >> 16));
const sampleTable = (decode: (wire: number) => number): Int16Array => Int16Array.from({ length: 0x100 }, (_, wire) => decode(wire));

const ULAW_CODES = codeTable(ulawCode);
const ULAW_SAMPLES = sampleTable(ulawSample);
const ALAW_CODES = codeTable(alawCode);
const ALAW_SAMPLES = sampleTable(alawSample);
const ULAW_TO_ALAW = Uint8Array.from(ULAW_SAMPLES, alawCode);
const ALAW_TO_ULAW = Uint8Array.from(ALAW_SAMPLES, ulawCode);

function encodeBy(table: Uint8Array, pcm: Int16Array): Uint8Array<ArrayBuffer> {
  const out = new Uint8Array(pcm.length);
  for (let i = 0; i < pcm.length; i += 1) out[i] = table[pcm[i]! & 0xffff]!;
  return out;
}

function decodeBy(table: Int16Array, wire: Uint8Array): Int16Array<ArrayBuffer> {
  const out = new Int16Array(wire.length);
  for (let i = 0; i < wire.length; i += 1) out[i] = table[wire[i]!]!;
  return out;
}

function recodeBy(table: Uint8Array, wire: Uint8Array): Uint8Array<ArrayBuffer> {
  const out = new Uint8Array(wire.length);
  for (let i = 0; i < wire.length; i += 1) out[i] = table[wire[i]!]!;
  return out;
}

/** One byte per sample, in a new array. Samples beyond ±32635 clip. */
export const encodeUlaw = (pcm: Int16Array): Uint8Array<ArrayBuffer> => encodeBy(ULAW_CODES, pcm);
/** One sample per byte, in a new array; range ±32124. */
export const decodeUlaw = (wire: Uint8Array): Int16Array<ArrayBuffer> => decodeBy(ULAW_SAMPLES, wire);
/** One byte per sample, in a new array. */
export const encodeAlaw = (pcm: Int16Array): Uint8Array<ArrayBuffer> => encodeBy(ALAW_CODES, pcm);
/** One sample per byte, in a new array; range ±32256. */
export const decodeAlaw = (wire: Uint8Array): Int16Array<ArrayBuffer> => decodeBy(ALAW_SAMPLES, wire);
/** µ-law bytes as A-law bytes by way of the linear value; a trip there and back is not lossless. */
export const ulawToAlaw = (wire: Uint8Array): Uint8Array<ArrayBuffer> => recodeBy(ULAW_TO_ALAW, wire);
/** A-law bytes as µ-law bytes by way of the linear value; a trip there and back is not lossless. */
export const alawToUlaw = (wire: Uint8Array): Uint8Array<ArrayBuffer> => recodeBy(ALAW_TO_ULAW, wire);
