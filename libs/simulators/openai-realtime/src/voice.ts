import { spawn } from 'node:child_process';
import { concatSamples, encodeAlaw, encodeUlaw, readWav, resample, sineAmplitude, silence } from '@troncal/audio';
import type { AudioFormat } from './session-config.js';
import { rateOf } from './input-audio.js';

/** The tone that every answer begins with (with espeak) or consists of (without): what a test listens for. */
export const ANSWER_TONE_HZ = 880;
/** Length of the tone before espeak's words. */
export const CHIME_MS = 240;
/** Words a minute of the tone voice: about 15 letters a second, as people speak. */
const MS_PER_LETTER = 66;
const ESPEAK_DEADLINE_MS = 8_000;
const CACHED_RENDERS = 64;

/** Turns text into audio: espeak-ng when a command is given, else a soft 880 Hz tone that pulses like syllables. */
export class SimulatedVoice {
  private readonly renders = new Map<string, Int16Array>();

  /** @param espeak program and first arguments, e.g. `['espeak-ng']`; absent means tones */
  constructor(private readonly espeak?: readonly string[]) {}

  /** Wire audio of the text in the format, of exactly `ms` when given. */
  async render(text: string, format: AudioFormat, language: 'es' | 'en', ms?: number): Promise<Buffer> {
    const rate = rateOf(format);
    const samples = this.espeak === undefined || ms !== undefined ? pulses(ms ?? Math.max(800, text.length * MS_PER_LETTER), rate) : await this.speech(text, language, rate);
    return wireOf(samples, format);
  }

  private async speech(text: string, language: string, rate: number): Promise<Int16Array> {
    const key = `${language}|${rate}|${text}`;
    const known = this.renders.get(key);
    if (known !== undefined) return known;
    const [program, ...args] = this.espeak!;
    const wav = readWav(await run(program!, [...args, '-v', language, '--stdout', text]));
    const samples = concatSamples([pulses(CHIME_MS, rate), silence(60, rate), resample(wav.tracks[0]!, wav.rate, rate)]);
    if (this.renders.size >= CACHED_RENDERS) this.renders.delete(this.renders.keys().next().value!);
    this.renders.set(key, samples);
    return samples;
  }
}

/** A sine whose loudness swells four times a second, so that it is heard as somebody speaking and not as a fault tone. */
function pulses(ms: number, rate: number): Int16Array {
  const out = new Int16Array(Math.round((ms * rate) / 1_000));
  const amplitude = sineAmplitude(-15);
  const step = (2 * Math.PI * ANSWER_TONE_HZ) / rate;
  const swell = (2 * Math.PI * 4) / rate;
  for (let i = 0; i < out.length; i += 1) out[i] = Math.round(Math.sin(step * i) * amplitude * (0.7 + 0.3 * Math.cos(swell * i)));
  return out;
}

function wireOf(samples: Int16Array, format: AudioFormat): Buffer {
  if (format.type === 'audio/pcmu') return Buffer.from(encodeUlaw(samples));
  if (format.type === 'audio/pcma') return Buffer.from(encodeAlaw(samples));
  const bytes = Buffer.alloc(samples.length * 2);
  samples.forEach((sample, index) => bytes.writeInt16LE(sample, index * 2));
  return bytes;
}

function run(program: string, args: readonly string[]): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    const child = spawn(program, args, { stdio: ['ignore', 'pipe', 'ignore'], timeout: ESPEAK_DEADLINE_MS, killSignal: 'SIGKILL' });
    const parts: Buffer[] = [];
    child.stdout.on('data', (part: Buffer) => parts.push(part));
    child.on('error', reject);
    child.on('close', (code) => {
      if (code === 0) resolve(Buffer.concat(parts));
      else reject(new Error(`${program} ended with ${code ?? 'a signal'}`));
    });
  });
}
