/** What `dbfs` gives for digital silence: the smallest step of 16 bits, rounded down, so that no caller meets -Infinity. */
export const SILENCE_DBFS = -96;

const FULL_SCALE = 32768;

/** Root mean square of the samples, 0 to 32768; 0 for no samples. */
export function rms(samples: Int16Array): number {
  if (samples.length === 0) return 0;
  let sum = 0;
  for (const sample of samples) sum += sample * sample;
  return Math.sqrt(sum / samples.length);
}

/** Highest absolute sample, 0 to 32768. */
export function peak(samples: Int16Array): number {
  let highest = 0;
  for (const sample of samples) highest = Math.max(highest, Math.abs(sample));
  return highest;
}

/** Decibels below full scale of an RMS value. 0 is a full-scale square wave, so a full-scale sine is -3.01; never below -96. */
export const dbfsOfRms = (value: number): number => (value <= 0 ? SILENCE_DBFS : Math.max(SILENCE_DBFS, 20 * Math.log10(value / FULL_SCALE)));

/** RMS level of the samples in dBFS, see `dbfsOfRms`. */
export const dbfs = (samples: Int16Array): number => dbfsOfRms(rms(samples));

/** Amplitude (0 to 32767) of a sine whose RMS level is `level` dBFS; -3.01 is the loudest. */
export const sineAmplitude = (level: number): number => Math.min(FULL_SCALE - 1, FULL_SCALE * Math.SQRT2 * 10 ** (level / 20));
