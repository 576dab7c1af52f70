import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { hearsTone, readWav, tone, writeWav } from '@troncal/audio';
import { createLogger, type Logger } from '@troncal/observability';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { SpeechFiles } from './speech-files.js';

let folder: string;
let said: string[];
let logger: Logger;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'troncal-speech-'));
  said = [];
  logger = createLogger({ service: 'spec', level: 'info', destination: { write: (line: string) => void said.push(line) } });
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

/** A program that speaks every text as a short tone. */
function speaker(): string[] {
  const [wav, script] = [join(folder, 'tone.wav'), join(folder, 'speak.cjs')];
  writeFileSync(wav, writeWav([tone(440, 100, { rate: 22_050 })], 22_050));
  writeFileSync(script, `process.stdin.resume().on('end', () => process.stdout.write(require('node:fs').readFileSync(${JSON.stringify(wav)})));`);
  return [process.execPath, script];
}

describe('how a language is spoken', () => {
  it('is a matter of voices: what is said by the same one is rendered once', async () => {
    const files = new SpeechFiles(folder, speaker(), logger);
    const mexican = await files.render('hola', 'es-MX');
    expect([files.ready('hola', 'es'), files.ready('hola', 'es-US')]).toEqual([mexican, mexican]);
    expect(files.ready('hola', 'es-ES')).toBeUndefined();
  });
});

describe('the beep', () => {
  it('needs no speech program', async () => {
    const { tracks: [track], rate } = readWav(readFileSync(`${await new SpeechFiles(folder, undefined, logger).beep()}.wav`));
    expect(hearsTone(track ?? new Int16Array(), 1_000, { rate })).toBe(true);
  });
});

describe('without a speech program', () => {
  it('says so once, renders nothing, and still knows what was rendered before', async () => {
    const rendered = await new SpeechFiles(folder, speaker(), logger).render('hola', 'es');
    expect(said).toEqual([]);
    const mute = new SpeechFiles(folder, undefined, logger);
    expect(mute.ready('hola', 'es')).toBe(rendered);
    for (const text of ['uno', 'dos']) await expect(mute.render(text, 'es')).rejects.toMatchObject({ code: 'speech_failed', remedy: expect.stringContaining('ESPEAK_COMMAND') as string });
    expect(said).toHaveLength(1);
    expect(said[0]).toContain('ESPEAK_COMMAND');
  });
});
