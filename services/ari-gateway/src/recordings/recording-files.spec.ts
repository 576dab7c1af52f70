import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { concatSamples, silence, tone, writeWav } from '@troncal/audio';
import { newId } from '@troncal/kernel';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { RecordingFiles } from './recording-files.js';

let folder: string;
beforeEach(() => void (folder = mkdtempSync(join(tmpdir(), 'troncal-recordings-'))));
afterEach(() => rmSync(folder, { recursive: true, force: true }));

function recorded(samples: Int16Array): { readonly files: RecordingFiles; readonly id: string } {
  const [files, id] = [new RecordingFiles(folder), newId()];
  writeFileSync(files.path(id), writeWav([samples]));
  return { files, id };
}

describe('a message', () => {
  it.each([
    ['silence', silence(30_000), false],
    ['a click', concatSamples([silence(5_000), tone(900, 60), silence(5_000)]), false],
    ['a hum as faint as a line’s', tone(50, 20_000, { level: -50 }), false],
    ['a word in a long silence', concatSamples([silence(20_000), tone(900, 400), silence(5_000)]), true],
    ['nothing at all', new Int16Array(), false],
  ])('of %s', async (_what, samples, expected) => {
    const { files, id } = recorded(samples);
    expect(await files.holdsSpeech(id)).toBe(expected);
  });
});
