import { execFile } from 'node:child_process';
import { encodeUlaw, readWav, resample, TELEPHONE_RATE, tone } from '@troncal/audio';

/** The tone that stands for words when no speech program is given, from 500 to 1,160 Hz by its text: of two prompts eleven in twelve can be told apart. */
export function promptTone(text: string): number {
  let hash = 7;
  for (const letter of text) hash = (hash * 31 + letter.codePointAt(0)!) % 99_991;
  return 500 + 60 * (hash % 12);
}

const DEADLINE_MS = 10_000;
const SHORTEST_MS = 160;
const CACHED = 64;

/** Makes words audible: by espeak when its command is given, else by a tone of their length. */
export class PromptAudio {
  private readonly rendered = new Map<string, Promise<Uint8Array>>();

  /** @param espeak program and first arguments @param msPerLetter how long a letter's tone lasts */
  constructor(
    private readonly espeak: readonly string[] | undefined,
    private readonly msPerLetter: () => number,
  ) {}

  /** µ-law at 8 kHz. A speech program that fails is replaced by the tone. */
  async of(text: string, language: string): Promise<Uint8Array> {
    if (this.espeak === undefined) return this.toneOf(text);
    const key = `${language} ${text}`;
    const known = this.rendered.get(key) ?? speech(this.espeak, text, language);
    if (this.rendered.size >= CACHED) this.rendered.clear();
    this.rendered.set(key, known);
    return known.catch(() => this.toneOf(text));
  }

  private toneOf(text: string): Uint8Array {
    return encodeUlaw(tone(promptTone(text), Math.max(SHORTEST_MS, text.length * this.msPerLetter())));
  }
}

function speech([program = '', ...first]: readonly string[], text: string, language: string): Promise<Uint8Array> {
  return new Promise((resolve, reject) => {
    const voice = language.startsWith('es') ? 'es-419' : language.slice(0, 2).toLowerCase();
    execFile(program, [...first, '-v', voice, '--stdout', text], { encoding: 'buffer', maxBuffer: 16 * 1024 * 1024, timeout: DEADLINE_MS }, (error, stdout) => {
      if (error) return reject(error);
      resolve(ulawOfWav(stdout));
    });
  });
}

/** A WAV file as the telephone hears it. @throws WavError */
export function ulawOfWav(file: Uint8Array): Uint8Array {
  const { tracks, rate } = readWav(file);
  return encodeUlaw(resample(tracks[0] ?? new Int16Array(), rate, TELEPHONE_RATE));
}
