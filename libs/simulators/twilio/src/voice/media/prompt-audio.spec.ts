import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { decodeUlaw, hearsTone, tone, writeWav } from '@troncal/audio';
import { afterAll, describe, expect, it } from 'vitest';
import { PromptAudio, promptTone } from './prompt-audio.js';

const folder = mkdtempSync(join(tmpdir(), 'troncal-prompts-'));
afterAll(() => rmSync(folder, { recursive: true }));

describe('prompts', () => {
  it('are spoken by the program that is given, in their language, at the telephone’s rate', async () => {
    writeFileSync(join(folder, 'speech.wav'), writeWav([tone(640, 300, { rate: 22_050 })], 22_050));
    // A program like espeak-ng as far as the command line goes: it notes how it was called and gives a WAV file.
    const prompts = new PromptAudio(['sh', '-c', 'printf "%s|" "$@" >> "$0.asked"; cat "$0.wav"', join(folder, 'speech')], () => 5);
    expect(hearsTone(decodeUlaw(await prompts.of('Hola.', 'es-MX')), 640)).toBe(true);
    await Promise.all([prompts.of('Hello.', 'en-GB'), prompts.of('Hola.', 'es-MX')]);
    expect(readFileSync(join(folder, 'speech.asked'), 'utf8')).toBe('-v|es-419|--stdout|Hola.|-v|en|--stdout|Hello.|');
  });

  it.each([
    ['without a program', undefined],
    ['when the program fails', ['false']],
    ['when there is no such program', [join(folder, 'nothing')]],
  ])('are a tone of their own %s', async (_, program) => {
    const audio = decodeUlaw(await new PromptAudio(program, () => 5).of('Welcome to the office.', 'en-US'));
    expect(hearsTone(audio, promptTone('Welcome to the office.'))).toBe(true);
    expect(promptTone('Welcome to the office.')).not.toBe(promptTone('Nobody is here.'));
  });
});
