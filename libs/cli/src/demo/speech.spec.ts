import { dbfs } from '@troncal/audio';
import { ensurePart } from '@troncal/parts';
import { describe, expect, it } from 'vitest';
import { LINES, speech, tightened, trimmed } from './speech.js';

describe('what the caller says', () => {
  it('is spoken by espeak-ng in both languages, loud and without silence around it', async () => {
    const { command } = await ensurePart('espeak');
    for (const language of ['es', 'en'] as const) {
      const { samples, by } = await speech(LINES[language].question, language, command);
      expect(by).toBe('espeak-ng');
      expect(samples.length / 8).toBeGreaterThan(2_000);
      expect(dbfs(samples)).toBeGreaterThan(-25);
      expect(dbfs(samples.slice(-400))).toBeGreaterThan(-45);
    }
  });

  it('becomes tones with the rhythm of speech when espeak-ng is not there or fails, and says why', async () => {
    const without = await speech(LINES.es.interruption, 'es', null);
    expect(without).toMatchObject({ by: 'tones', reason: 'espeak-ng is not there' });
    expect(without.samples.length / 8).toBeGreaterThan(1_500);
    const broken = await speech('hola', 'es', ['/no/such/program']);
    expect(broken.by).toBe('tones');
    expect(broken.reason).toContain('ENOENT');
  });

  it('has no pause that a voice detector takes for the end', () => {
    const loud = new Int16Array(800).fill(9_000);
    const paused = Int16Array.from([...loud, ...new Int16Array(8_000), ...loud]);
    expect(tightened(paused)).toHaveLength(800 + 1_600 + 800);
  });

  it('is trimmed to its sound', () => {
    expect([...trimmed(Int16Array.from([0, 10, 9_000, 0, -9_000, 20, 0]))]).toEqual([9_000, 0, -9_000]);
    expect(trimmed(new Int16Array(8))).toHaveLength(0);
  });
});
