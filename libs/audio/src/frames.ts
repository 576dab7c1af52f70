import { ULAW_SILENCE } from './g711.js';

/** Samples per second of G.711 and of everything here that names no other rate. */
export const TELEPHONE_RATE = 8000;
/** The packet time used everywhere: 20 ms. */
export const FRAME_MS = 20;
/** G.711 bytes, and 8 kHz samples, in one 20 ms frame. */
export const FRAME_BYTES = (TELEPHONE_RATE * FRAME_MS) / 1000;

/** Duration in ms of `count` samples (or G.711 bytes) at `rate` samples per second. */
export const msOfSamples = (count: number, rate = TELEPHONE_RATE): number => (count * 1000) / rate;
/** Whole samples (or G.711 bytes) in `ms` at `rate` samples per second, rounded to the nearest. */
export const samplesOfMs = (ms: number, rate = TELEPHONE_RATE): number => Math.round((ms * rate) / 1000);

/**
 * Cuts bytes into frames of exactly `frameBytes`. The last one is filled up with `padding` (µ-law silence unless told); no input, no frame.
 * Whole frames are views on `bytes`, not copies.
 */
export function splitFrames(bytes: Uint8Array, frameBytes = FRAME_BYTES, padding = ULAW_SILENCE): Uint8Array[] {
  const splitter = new FrameSplitter(frameBytes);
  const frames = splitter.push(bytes);
  const last = splitter.flush(padding);
  return last === undefined ? frames : [...frames, last];
}

/** Regroups a byte stream that arrives in any lengths into frames of one length. Loses and reorders nothing. */
export class FrameSplitter {
  private rest: Uint8Array = new Uint8Array(0);

  constructor(private readonly frameBytes = FRAME_BYTES) {
    if (!Number.isInteger(frameBytes) || frameBytes <= 0) throw new RangeError(`frame size must be a positive whole number of bytes, got ${frameBytes}`);
  }

  /** Bytes held back because they don't fill a frame yet: 0 to frameBytes - 1. */
  get pendingBytes(): number {
    return this.rest.length;
  }

  /** The frames completed by `bytes`. They may be views on `bytes`: don't reuse that buffer. */
  push(bytes: Uint8Array): Uint8Array[] {
    const joined = this.rest.length === 0 ? bytes : concatBytes([this.rest, bytes]);
    const whole = joined.length - (joined.length % this.frameBytes);
    const frames: Uint8Array[] = [];
    for (let at = 0; at < whole; at += this.frameBytes) frames.push(joined.subarray(at, at + this.frameBytes));
    this.rest = joined.slice(whole);
    return frames;
  }

  /** The held-back bytes filled up with `padding` to a frame, or undefined when there are none. Afterwards the splitter is empty. */
  flush(padding = ULAW_SILENCE): Uint8Array | undefined {
    if (this.rest.length === 0) return undefined;
    const frame = new Uint8Array(this.frameBytes).fill(padding);
    frame.set(this.rest);
    this.rest = new Uint8Array(0);
    return frame;
  }
}

/** One new array with the bytes of all parts in order. */
export function concatBytes(parts: readonly Uint8Array[]): Uint8Array<ArrayBuffer> {
  const out = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    out.set(part, at);
    at += part.length;
  }
  return out;
}

/** One new array with the samples of all parts in order. */
export function concatSamples(parts: readonly Int16Array[]): Int16Array<ArrayBuffer> {
  const out = new Int16Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    out.set(part, at);
    at += part.length;
  }
  return out;
}
