import { concatBytes, msOfSamples, samplesOfMs, TELEPHONE_RATE } from './frames.js';
import { decodeUlaw } from './g711.js';
import { dbfs } from './level.js';

/** Audio to look at: linear samples, µ-law bytes, or µ-law frames in order. */
export type ToneInput = Int16Array | Uint8Array | Iterable<Uint8Array>;

/** Linear samples of any tone input. */
export function samplesOf(input: ToneInput): Int16Array {
  if (input instanceof Int16Array) return input;
  return decodeUlaw(input instanceof Uint8Array ? input : concatBytes([...input]));
}

/**
 * Power of the samples at `hz`: |X(hz)|² of their discrete-time Fourier transform, by Goertzel's recurrence. A sine of amplitude A over
 * N samples gives (A·N/2)². `hz` need not be a multiple of rate/N.
 */
export function goertzelPower(samples: Int16Array, hz: number, rate = TELEPHONE_RATE): number {
  const coefficient = 2 * Math.cos((2 * Math.PI * hz) / rate);
  let previous = 0;
  let beforePrevious = 0;
  for (const sample of samples) {
    const next = sample + coefficient * previous - beforePrevious;
    beforePrevious = previous;
    previous = next;
  }
  return previous * previous + beforePrevious * beforePrevious - coefficient * previous * beforePrevious;
}

/** How tones are looked for; all optional. */
export interface ToneSearch {
  /** Samples per second, 8000 unless told. */
  readonly rate?: number;
  /** Length of the blocks analysed one by one, 40 ms unless told: tones 25 Hz apart are told apart, and a gap or lost frame spoils one block only. */
  readonly blockMs?: number;
  /** Least share of a block's energy that the tone must have, 0.5 unless told. */
  readonly minRatio?: number;
  /** Least level of a block in dBFS, -45 unless told. */
  readonly minDbfs?: number;
  /** Least unbroken length in ms, 80 unless told. */
  readonly minMs?: number;
}

interface Block {
  readonly from: number;
  readonly samples: Int16Array;
  readonly energy: number;
  readonly toneEnergy: number;
}

function* blocksOf(samples: Int16Array, hz: number, search: ToneSearch): Generator<Block> {
  const rate = search.rate ?? TELEPHONE_RATE;
  const size = Math.max(1, samplesOfMs(search.blockMs ?? 40, rate));
  // A tail shorter than half a block can't tell a tone from its neighbours.
  for (let from = 0; from < samples.length && (from === 0 || samples.length - from >= size / 2); from += size) {
    const block = samples.subarray(from, from + size);
    let energy = 0;
    for (const sample of block) energy += sample * sample;
    yield { from, samples: block, energy, toneEnergy: Math.min(energy, (2 * goertzelPower(block, hz, rate)) / block.length) };
  }
}

/** Share of the energy that is a sine of `hz`: 1 for the pure tone, near 0 for silence, other tones and noise. */
export function detectTone(input: ToneInput, hz: number, search: Pick<ToneSearch, 'rate' | 'blockMs'> = {}): number {
  let energy = 0;
  let toneEnergy = 0;
  for (const block of blocksOf(samplesOf(input), hz, search)) {
    energy += block.energy;
    toneEnergy += block.toneEnergy;
  }
  return energy === 0 ? 0 : toneEnergy / energy;
}

/** A stretch of audio, in ms from its beginning. */
export interface Stretch {
  readonly fromMs: number;
  readonly toMs: number;
}

/** The first unbroken stretch where the tone dominates for at least `minMs`, to the precision of a block; undefined if there is none. */
export function findTone(input: ToneInput, hz: number, search: ToneSearch = {}): Stretch | undefined {
  const rate = search.rate ?? TELEPHONE_RATE;
  const samples = samplesOf(input);
  let start: number | undefined;
  let found: Stretch | undefined;
  for (const block of blocksOf(samples, hz, search)) {
    const heard = block.energy > 0 && block.toneEnergy / block.energy >= (search.minRatio ?? 0.5) && dbfs(block.samples) >= (search.minDbfs ?? -45);
    if (!heard) {
      if (found !== undefined) return found;
      start = undefined;
      continue;
    }
    start ??= block.from;
    const stretch = { fromMs: msOfSamples(start, rate), toMs: msOfSamples(block.from + block.samples.length, rate) };
    if (stretch.toMs - stretch.fromMs >= (search.minMs ?? 80)) found = stretch;
  }
  return found;
}

/** Whether the tone is heard anywhere, see `findTone`. */
export const hearsTone = (input: ToneInput, hz: number, search: ToneSearch = {}): boolean => findTone(input, hz, search) !== undefined;
