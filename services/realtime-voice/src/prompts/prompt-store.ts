import { createHash } from 'node:crypto';
import { mkdir, readFile, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { concatSamples, encodeUlaw, silence, tone, ulawToAlaw } from '@troncal/audio';
import { newId } from '@troncal/kernel';
import type { Logger } from '@troncal/observability';
import type { G711 } from '../engine/voice-engine.js';
import { espeak } from './espeak.js';

/** A piece of speech as it's kept: µ-law, and its words. */
export interface KeptSpeech {
  readonly text: string;
  readonly ulaw: Uint8Array;
}

/**
 * Speech kept as G.711: in memory, and in a folder that other processes and the next start share. A file that can't be read or written
 * costs a rendering, never a call.
 */
export class PromptStore {
  private readonly memory = new Map<string, KeptSpeech>();

  /**
   * @param folder made when missing
   * @param command espeak-ng; without it prompts are two tones
   */
  constructor(
    private readonly folder: string,
    private readonly command: readonly string[] | undefined,
    private readonly logger: Logger,
  ) {}

  /** What is kept under the key, in memory or in the folder. */
  async find(key: string): Promise<KeptSpeech | undefined> {
    const known = this.memory.get(key);
    if (known !== undefined) return known;
    try {
      const [ulaw, text] = await Promise.all([readFile(this.file(key, 'ulaw')), readFile(this.file(key, 'txt'), 'utf8')]);
      const speech = { text, ulaw };
      this.memory.set(key, speech);
      return speech;
    } catch {
      return undefined;
    }
  }

  /** What is in memory: for the moment when a call begins and nothing may be waited for. */
  peek(key: string): KeptSpeech | undefined {
    return this.memory.get(key);
  }

  async keep(key: string, speech: KeptSpeech): Promise<void> {
    this.memory.set(key, speech);
    try {
      await mkdir(this.folder, { recursive: true });
      // Under another name first: a reader never sees half a file. The words go last but one, so sound without words isn't found.
      await this.write(this.file(key, 'txt'), speech.text);
      await this.write(this.file(key, 'ulaw'), speech.ulaw);
    } catch (error) {
      this.logger.warn({ err: error }, 'a prompt could not be kept on disk');
    }
  }

  /** Speech of a fixed prompt; made once. Never rejects: without espeak-ng it's two rising tones, so that the caller hears that the line lives. */
  async speak(text: string, language: string): Promise<KeptSpeech> {
    const key = `prompt|${language}|${text}`;
    const known = await this.find(key);
    if (known !== undefined) return known;
    if (this.command !== undefined) {
      try {
        const speech = { text, ulaw: encodeUlaw(await espeak(this.command, text, language)) };
        await this.keep(key, speech);
        return speech;
      } catch (error) {
        this.logger.warn({ err: error }, 'espeak-ng failed; the prompt is a tone');
      }
    }
    return { text, ulaw: encodeUlaw(concatSamples([tone(660, 200), silence(80), tone(880, 300), silence(400)])) };
  }

  /** True when prompts are spoken rather than tones. */
  get speaks(): boolean {
    return this.command !== undefined;
  }

  private file(key: string, kind: string): string {
    return join(this.folder, `${createHash('sha256').update(key).digest('hex').slice(0, 32)}.${kind}`);
  }

  private async write(path: string, content: string | Uint8Array): Promise<void> {
    const partial = `${path}.${newId()}.part`;
    await writeFile(partial, content);
    await rename(partial, path);
  }
}

/** Kept speech in the law of a call. */
export const inLaw = (speech: KeptSpeech, law: G711): Uint8Array => (law === 'ulaw' ? speech.ulaw : ulawToAlaw(speech.ulaw));
