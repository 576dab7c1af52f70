import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { mkdir, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { readWav, resample, tone, writeWav } from '@troncal/audio';
import { TransientError } from '@troncal/kernel';
import type { Logger } from '@troncal/observability';

/** Speech of a telephone, samples per second. */
const RATE = 8_000;
const BEEP_HZ = 1_000;
const BEEP_MS = 250;
const RENDER_DEADLINE_MS = 20_000;
/** Bump when rendering changes, so that old files are not taken for new ones. */
const RENDERING = 'v2';
/** espeak-ng's voices by language and locale. */
const VOICES: Readonly<Record<string, string>> = { es: 'es-419', 'es-MX': 'es-419', 'es-US': 'es-419', 'es-ES': 'es', en: 'en-us', 'en-US': 'en-us', 'en-GB': 'en-gb' };

/**
 * Prompts as files that Asterisk plays: rendered by espeak-ng once per text and voice, kept by hash, shared by all gateways of the edge.
 * Rendering never blocks a call: routes are rendered when they are declared, and whatever is missing is rendered aside.
 */
export class SpeechFiles {
  private readonly atWork = new Map<string, Promise<string>>();

  /** @param command argv of espeak-ng; the text comes on its standard input, the WAV on its standard output. Without it only what was rendered before is there. */
  constructor(
    private readonly folder: string,
    private readonly command: readonly string[] | undefined,
    private readonly logger: Logger,
  ) {
    if (!command) logger.warn('no speech program is set (ESPEAK_COMMAND): prompts are not said, calls are served all the same');
  }

  /** The file (without its suffix, as Asterisk wants it) if it is there. @param language a language, or a locale of it */
  ready(text: string, language: string): string | undefined {
    const stem = this.stem(text, language);
    return existsSync(`${stem}.wav`) ? stem : undefined;
  }

  /** The file, rendered if need be. @throws TransientError `speech_failed` */
  render(text: string, language: string): Promise<string> {
    const stem = this.stem(text, language);
    return this.into(stem, text, language);
  }

  /** Renders a text under a name of its own, for the dialplan's prompts: `fallback` → `es/fallback.wav`. */
  renderNamed(name: string, text: string, language: string): Promise<string> {
    return this.into(join(this.folder, language, name), text, language);
  }

  /** The beep before a message: `beep.wav`, which is made where nobody has put one. */
  async beep(): Promise<string> {
    const stem = join(this.folder, 'beep');
    return existsSync(`${stem}.wav`) ? stem : this.save(stem, writeWav([tone(BEEP_HZ, BEEP_MS)], RATE));
  }

  private into(stem: string, text: string, language: string): Promise<string> {
    if (existsSync(`${stem}.wav`)) return Promise.resolve(stem);
    const known = this.atWork.get(stem);
    if (known) return known;
    // Said once, at the start; each prompt of each call would only repeat it.
    if (!this.command) return Promise.reject(new TransientError('speech_failed', 'No speech program is set.', { remedy: 'Set ESPEAK_COMMAND to its argv as JSON.' }));
    const work = this.speak(this.command, text, language)
      .then((wav) => this.save(stem, wav))
      .catch((error: unknown) => {
        this.logger.error({ err: error, language }, 'a prompt could not be rendered');
        throw error;
      })
      .finally(() => this.atWork.delete(stem));
    this.atWork.set(stem, work);
    return work;
  }

  private stem(text: string, language: string): string {
    const hash = createHash('sha256').update(`${RENDERING}\n${voiceOf(language)}\n${text}`).digest('hex').slice(0, 32);
    return join(this.folder, 'prompts', hash);
  }

  /** Complete under its name or not there at all: Asterisk may look at any moment. */
  private async save(stem: string, wav: Uint8Array): Promise<string> {
    await mkdir(join(stem, '..'), { recursive: true });
    const unfinished = `${stem}.${process.pid}.tmp`;
    await writeFile(unfinished, wav, { mode: 0o644 });
    await rename(unfinished, `${stem}.wav`);
    return stem;
  }

  private async speak([program = '', ...args]: readonly string[], text: string, language: string): Promise<Uint8Array> {
    const wav = await runProgram(program, [...args, '-v', voiceOf(language), '-s', '150', '--stdin', '--stdout'], text);
    const { tracks, rate } = readWav(wav);
    const [track] = tracks;
    if (!track || track.length === 0) throw new TransientError('speech_failed', 'The speech program gave no sound.');
    return writeWav([resample(track, rate, RATE)], RATE);
  }
}

const voiceOf = (language: string): string => VOICES[language] ?? language;

function runProgram(program: string, args: readonly string[], input: string): Promise<Uint8Array> {
  return new Promise((resolve, reject) => {
    const fail = (reason: string): void => reject(new TransientError('speech_failed', `The speech program ${program}: ${reason}.`, { remedy: 'Run it by hand; ESPEAK_COMMAND says how it is called.' }));
    const child = spawn(program, args, { stdio: ['pipe', 'pipe', 'pipe'], timeout: RENDER_DEADLINE_MS });
    const out: Buffer[] = [];
    const complaints: Buffer[] = [];
    child.stdout.on('data', (chunk: Buffer) => out.push(chunk));
    child.stderr.on('data', (chunk: Buffer) => complaints.push(chunk));
    child.on('error', (error) => fail(error.message));
    child.on('close', (code) => (code === 0 ? resolve(Buffer.concat(out)) : fail(`ended with ${code}: ${Buffer.concat(complaints).toString('utf8').slice(0, 300)}`)));
    // A program that ended early breaks the pipe; its exit code tells why.
    child.stdin.on('error', () => {});
    child.stdin.end(input);
  });
}
