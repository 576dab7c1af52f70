import { execFile } from 'node:child_process';
import type { Language } from '@troncal/contracts';
import { concatSamples, peak, readWav, resample, samplesOfMs, silence, TELEPHONE_RATE, tone } from '@troncal/audio';

/** What the caller says in the lab call. */
export const LINES: Readonly<Record<Language, { readonly question: string; readonly interruption: string }>> = {
  es: { question: 'Hola, ¿me puede decir cuál es el horario de atención y qué necesito para pedir ayuda?', interruption: 'Perdón, un momento, no entendí lo último que me dijo.' },
  en: { question: 'Hello, could you tell me the opening hours and what I need in order to get help?', interruption: 'Sorry, one moment, I did not understand the last thing you said.' },
};

// Peaks 4 dB below full scale: loud enough for any voice detector, and nothing clips.
const LEVEL = 20_000;
const ESPEAK_DEADLINE_MS = 15_000;

/** Speech ready for the telephone: linear samples at 8 kHz, no silence at either end, loud enough for any voice detector. */
export interface Speech {
  readonly samples: Int16Array;
  /** `espeak-ng`, or `tones` when it could not be had; the reason then. */
  readonly by: 'espeak-ng' | 'tones';
  readonly reason?: string;
}

/** Renders a text by espeak-ng (its argv as the state file names it); without it a pattern of tones with the rhythm of speech. */
export async function speech(text: string, language: Language, espeak: readonly string[] | null): Promise<Speech> {
  if (espeak === null) return { samples: tonesLikeSpeech(text), by: 'tones', reason: 'espeak-ng is not there' };
  try {
    const wav = await render([...espeak, '-v', language === 'es' ? 'es-419' : 'en', '--stdout', text]);
    const { tracks, rate } = readWav(wav);
    const samples = tightened(levelled(resample(tracks[0] ?? new Int16Array(), rate, TELEPHONE_RATE)));
    if (samples.length < samplesOfMs(300)) throw new Error('it gave no sound');
    return { samples, by: 'espeak-ng' };
  } catch (error) {
    return { samples: tonesLikeSpeech(text), by: 'tones', reason: `espeak-ng failed: ${error instanceof Error ? error.message : String(error)}` };
  }
}

function render(argv: readonly string[]): Promise<Buffer> {
  const [program = '', ...args] = argv;
  return new Promise((resolve, reject) => {
    execFile(program, args, { encoding: 'buffer', maxBuffer: 16 << 20, timeout: ESPEAK_DEADLINE_MS }, (error, stdout) => {
      if (error) reject(error);
      else resolve(stdout);
    });
  });
}

function levelled(samples: Int16Array): Int16Array {
  const highest = peak(samples);
  return highest === 0 ? samples : samples.map((sample) => Math.round((sample * LEVEL) / highest));
}

/** Without the quiet at both ends, so that "the end of the question" is the end of its last sound. */
export function trimmed(samples: Int16Array, quiet = LEVEL / 40): Int16Array {
  const from = samples.findIndex((sample) => Math.abs(sample) > quiet);
  const to = samples.findLastIndex((sample) => Math.abs(sample) > quiet);
  return from < 0 ? new Int16Array() : samples.slice(from, to + 1);
}

const BLOCK = samplesOfMs(10);
const LONGEST_PAUSE_BLOCKS = 20;

/** Trimmed, and no pause inside longer than 200 ms: a pause is where a voice detector would take the question for over. */
export function tightened(samples: Int16Array): Int16Array {
  const blocks: Int16Array[] = [];
  let quiet = 0;
  for (let from = 0; from < samples.length; from += BLOCK) {
    const block = samples.subarray(from, from + BLOCK);
    quiet = peak(block) <= LEVEL / 40 ? quiet + 1 : 0;
    if (quiet <= LONGEST_PAUSE_BLOCKS) blocks.push(block);
  }
  return trimmed(concatSamples(blocks));
}

/** One burst per syllable or so, of changing pitch: loud and long enough to count as somebody speaking. */
export function tonesLikeSpeech(text: string): Int16Array {
  const words = text.split(/\s+/);
  const parts = words.flatMap((word, index) => [tone([220 + 40 * (index % 5), 880 + 90 * (index % 4)], 90 + 25 * Math.min(word.length, 8), { level: -18 }), silence(45)]);
  return trimmed(concatSamples(parts));
}
