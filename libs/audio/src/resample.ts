/** Stop-band attenuation that the filters are designed for, dB. */
const ATTENUATION_DB = 75;
/** Edges as shares of the lower rate's Nyquist frequency. At 8 kHz: flat to 3400 Hz, gone from 4400 Hz, so what folds lands above the telephone band. */
const PASS_EDGE = 0.85;
const STOP_EDGE = 1.1;

const greatestCommonDivisor = (a: number, b: number): number => (b === 0 ? a : greatestCommonDivisor(b, a % b));

/** Modified Bessel function of the first kind, order 0, by its power series. */
function bessel0(x: number): number {
  let sum = 1;
  let term = 1;
  for (let k = 1; term > sum * 1e-12; k += 1) {
    term *= (x / (2 * k)) ** 2;
    sum += term;
  }
  return sum;
}

/** The polyphase bank: `up` phases of `taps` coefficients each, phase-major, every phase with gain 1 at 0 Hz so that no image of a constant is left. */
function designBank(up: number, down: number): { readonly bank: Float64Array; readonly taps: number } {
  // Frequencies in cycles per sample of the raised rate, where the lower Nyquist frequency is 0.5 / max(up, down).
  const nyquist = 0.5 / Math.max(up, down);
  const transition = (STOP_EDGE - PASS_EDGE) * nyquist;
  const cutoff = ((STOP_EDGE + PASS_EDGE) / 2) * nyquist;
  const beta = 0.1102 * (ATTENUATION_DB - 8.7);
  const needed = Math.ceil((ATTENUATION_DB - 7.95) / (2.285 * 2 * Math.PI * transition)) + 1;
  const taps = Math.ceil(needed / up);
  const length = taps * up;
  const centre = (length - 1) / 2;
  const bank = new Float64Array(length);
  for (let phase = 0; phase < up; phase += 1) {
    let gain = 0;
    for (let k = 0; k < taps; k += 1) {
      const offset = phase + k * up - centre;
      const sinc = offset === 0 ? 2 * cutoff : Math.sin(2 * Math.PI * cutoff * offset) / (Math.PI * offset);
      const window = bessel0(beta * Math.sqrt(Math.max(0, 1 - (offset / (centre + 0.5)) ** 2))) / bessel0(beta);
      bank[phase * taps + k] = sinc * window;
      gain += sinc * window;
    }
    for (let k = 0; k < taps; k += 1) bank[phase * taps + k]! /= gain;
  }
  return { bank, taps };
}

/**
 * Changes the sample rate of a stream by a ratio of whole numbers, with a Kaiser-windowed polyphase FIR: flat within 0.1 dB to 85 % of
 * the lower Nyquist frequency, at least 70 dB down from 110 % of it. Chunks of any length give the same samples as one long chunk.
 */
export class Resampler {
  private readonly up: number;
  private readonly down: number;
  private readonly bank: Float64Array;
  private readonly taps: number;
  /** The last `taps - 1` input samples, before the ones pushed next. */
  private history: Int16Array;
  /** Where the next output sample lies, in steps of 1/up input sample after the end of the history. */
  private position = 0;

  /** Rates in samples per second; throws RangeError unless both are whole and their reduced ratio is at most 1000. */
  constructor(
    readonly fromRate: number,
    readonly toRate: number,
  ) {
    const valid = [fromRate, toRate].every((rate) => Number.isInteger(rate) && rate > 0);
    const divisor = valid ? greatestCommonDivisor(fromRate, toRate) : 1;
    this.up = toRate / divisor;
    this.down = fromRate / divisor;
    if (!valid || Math.max(this.up, this.down) > 1000) throw new RangeError(`can't resample ${fromRate} Hz to ${toRate} Hz: give whole rates whose reduced ratio is at most 1000`);
    const design = this.up === this.down ? { bank: Float64Array.of(1), taps: 1 } : designBank(this.up, this.down);
    this.bank = design.bank;
    this.taps = design.taps;
    this.history = new Int16Array(this.taps - 1);
  }

  /** How much later the output is than the input, in ms of audio: 2.2 ms between 8 and 24 kHz. */
  get delayMs(): number {
    return (((this.up * this.taps - 1) / 2) * 1000) / (this.up * this.fromRate);
  }

  /** The output samples that this input completes, rounded and clipped to 16 bits. */
  push(samples: Int16Array): Int16Array<ArrayBuffer> {
    const { up, down, bank, taps } = this;
    const joined = new Int16Array(this.history.length + samples.length);
    joined.set(this.history);
    joined.set(samples, this.history.length);
    const out = new Int16Array(Math.max(0, Math.ceil((samples.length * up - this.position) / down)));
    for (let n = 0; n < out.length; n += 1) {
      const at = this.position + n * down;
      const row = (at % up) * taps;
      const newest = Math.floor(at / up) + taps - 1;
      let sum = 0;
      for (let k = 0; k < taps; k += 1) sum += bank[row + k]! * joined[newest - k]!;
      out[n] = Math.max(-32768, Math.min(32767, Math.round(sum)));
    }
    this.position += out.length * down - samples.length * up;
    this.history = joined.slice(joined.length - this.history.length);
    return out;
  }
}

/** A whole piece resampled, aligned in time with the original (the filter's delay taken out), of ceil(length · to / from) samples. */
export function resample(samples: Int16Array, fromRate: number, toRate: number): Int16Array<ArrayBuffer> {
  const resampler = new Resampler(fromRate, toRate);
  const skip = Math.round((resampler.delayMs * toRate) / 1000);
  const length = Math.ceil((samples.length * toRate) / fromRate);
  const padded = new Int16Array(samples.length + Math.ceil(((skip + 1) * fromRate) / toRate));
  padded.set(samples);
  return resampler.push(padded).slice(skip, skip + length);
}
