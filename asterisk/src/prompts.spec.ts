import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { readWav } from '@troncal/audio';
import { ensurePart } from '@troncal/parts';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { EDGE_PROMPTS, renderPrompts } from './index.js';

let folder: string;
let espeak: readonly string[];
beforeAll(async () => {
  folder = fs.mkdtempSync(path.join(os.tmpdir(), 'edge-prompts-'));
  espeak = (await ensurePart('espeak')).command;
  await renderPrompts(espeak, folder);
}, 60_000);
afterAll(() => fs.rmSync(folder, { recursive: true, force: true }));

describe('the dialplan’s prompts', () => {
  it('are there in both languages, as the only kind of WAV that Asterisk plays', () => {
    for (const language of ['es', 'en'] as const) {
      for (const name of Object.keys(EDGE_PROMPTS[language])) {
        const wav = readWav(fs.readFileSync(`${folder}/${language}/${name}.wav`));
        expect({ name, rate: wav.rate, channels: wav.channels, encoding: wav.encoding }).toEqual({ name, rate: 8_000, channels: 1, encoding: 'pcm16' });
        expect(wav.tracks[0]?.length).toBeGreaterThan(8_000);
      }
    }
    expect(Object.keys(EDGE_PROMPTS.es)).toEqual(Object.keys(EDGE_PROMPTS.en));
  });

  it('cover every prompt that the dialplan names', () => {
    const dialplan = fs.readFileSync(new URL('../etc/extensions.conf', import.meta.url), 'utf8');
    const named = [...dialplan.matchAll(/Gosub\(troncal-say,s,1\(([a-z-]+)(\$\{GOSUB_RETVAL\})?\)\)/g)].flatMap(([, name, state]) => (state ? ['alive', 'away', 'silent'].map((one) => `${name}${one}`) : [name]));
    expect(named).toHaveLength(6);
    expect(Object.keys(EDGE_PROMPTS.es).toSorted()).toEqual(named.toSorted());
  });

  it('are spoken anew when their text changed, and never over a person’s own recording', async () => {
    const [ours, theirs] = [`${folder}/es/fallback`, `${folder}/es/sorry`];
    fs.writeFileSync(`${ours}.txt`, 'an older text');
    fs.writeFileSync(`${ours}.wav`, 'old');
    fs.rmSync(`${theirs}.txt`);
    fs.writeFileSync(`${theirs}.wav`, 'a person');
    await renderPrompts(espeak, folder);
    expect(fs.readFileSync(`${ours}.wav`).length).toBeGreaterThan(8_000);
    expect(fs.readFileSync(`${theirs}.wav`, 'utf8')).toBe('a person');
  });

  it('that can’t be spoken are said to be so, with what it means', async () => {
    await expect(renderPrompts(['/bin/false'], path.join(folder, 'none'))).rejects.toThrow(/espeak-ng could not speak/);
  });
});
