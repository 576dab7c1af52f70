import { samplesOfMs, TELEPHONE_RATE } from './frames.js';
import { sineAmplitude } from './level.js';

const KEYPAD: readonly (readonly [keys: string, low: number])[] = [
  ['123A', 697],
  ['456B', 770],
  ['789C', 852],
  ['*0#D', 941],
];
const COLUMNS = [1209, 1336, 1477, 1633];

/** The low and high frequency in Hz of each DTMF key (ITU-T Q.23). */
export const DTMF_FREQUENCIES: ReadonlyMap<string, readonly [low: number, high: number]> = new Map(
  KEYPAD.flatMap(([keys, low]) => Array.from(keys, (key, column) => [key, [low, COLUMNS[column]!]] as const)),
);

/** How a tone sounds; all optional. */
export interface ToneOptions {
  /** Samples per second, 8000 unless told. */
  readonly rate?: number;
  /** RMS level in dBFS of each frequency, -15 unless told: as loud as speech on a telephone line. */
  readonly level?: number;
}

/** Digital silence of `ms`. */
export const silence = (ms: number, rate = TELEPHONE_RATE): Int16Array<ArrayBuffer> => new Int16Array(samplesOfMs(ms, rate));

/** `ms` of the sum of one or several sines, each at the same level and starting at phase 0. Sums beyond 16 bits clip. */
export function tone(hz: number | readonly number[], ms: number, options: ToneOptions = {}): Int16Array<ArrayBuffer> {
  const rate = options.rate ?? TELEPHONE_RATE;
  const amplitude = sineAmplitude(options.level ?? -15);
  const steps = (typeof hz === 'number' ? [hz] : hz).map((frequency) => (2 * Math.PI * frequency) / rate);
  const out = new Int16Array(samplesOfMs(ms, rate));
  for (let i = 0; i < out.length; i += 1) {
    let sum = 0;
    for (const step of steps) sum += Math.sin(step * i);
    out[i] = Math.max(-32768, Math.min(32767, Math.round(sum * amplitude)));
  }
  return out;
}

/** Timing of a dialled number; Q.24 asks receivers to take 40 ms on and 40 ms off. */
export interface DtmfOptions extends ToneOptions {
  /** Length of each digit in ms, 100 unless told. */
  readonly onMs?: number;
  /** Silence after each digit in ms, 100 unless told. */
  readonly offMs?: number;
}

/** The digits as in-band tones, each followed by its pause. Throws RangeError on a character that is no DTMF key (0-9 * # A-D). */
export function dtmfTones(digits: string, options: DtmfOptions = {}): Int16Array<ArrayBuffer> {
  const rate = options.rate ?? TELEPHONE_RATE;
  const on = samplesOfMs(options.onMs ?? 100, rate);
  const off = samplesOfMs(options.offMs ?? 100, rate);
  const out = new Int16Array(digits.length * (on + off));
  Array.from(digits).forEach((digit, index) => {
    const pair = DTMF_FREQUENCIES.get(digit.toUpperCase());
    if (pair === undefined) throw new RangeError(`'${digit}' is no DTMF key: use 0-9, *, # or A-D`);
    out.set(tone(pair, options.onMs ?? 100, options), index * (on + off));
  });
  return out;
}
