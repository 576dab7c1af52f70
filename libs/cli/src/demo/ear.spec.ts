import { silence, tone } from '@troncal/audio';
import { describe, expect, it } from 'vitest';
import { Ear, NotHeard } from './ear.js';

const LOUD = tone(440, 20);
const QUIET = silence(20);

/** An ear that heard the given stretches, a frame each 20 ms; `.` sends nothing at all. */
function heard(pattern: string): { ear: Ear; now: number } {
  let now = 0;
  const ear = new Ear(() => now);
  for (const letter of pattern) {
    if (letter !== '.') ear.hear(letter === '#' ? LOUD : QUIET, now);
    now += 20;
  }
  return { ear, now };
}

describe('an ear', () => {
  it('tells when sound began, and takes a click for nothing', () => {
    const { ear } = heard('__#____._#####');
    expect(ear.soundAfter(0)).toBe(180);
    expect(ear.soundAfter(200)).toBe(200);
    expect(ear.soundAfter(240)).toBeUndefined();
  });

  it('tells the last sound before a silence, whether quiet frames come or none', () => {
    for (const quiet of ['_', '.']) {
      const { ear } = heard(`#####${quiet.repeat(20)}`);
      expect(ear.silenceAfter(0, 300)).toBe(80);
      expect(ear.silenceAfter(0, 500)).toBeUndefined();
    }
    expect(heard(`#####${'_'.repeat(20)}#####`).ear.silenceAfter(0, 300)).toBe(80);
    expect(heard('#####').ear.silenceAfter(0, 300)).toBeUndefined();
    expect(heard('.'.repeat(30)).ear.silenceAfter(0, 300)).toBe(0);
  });

  it('tells how much of a stretch was loud and gives its samples', () => {
    const { ear } = heard('##########..........');
    expect(ear.loudness(0, 400)).toBeCloseTo(0.5);
    expect(ear.samplesBetween(0, 100)).toHaveLength(6 * 160);
    expect(ear.lastSound(0, 90)).toBe(80);
  });

  it('waits for what is asked, gives up in time, and stops when it is told to', async () => {
    const ear = new Ear();
    setTimeout(() => [0, 1, 2].forEach(() => ear.hear(LOUD)), 5);
    const never = new AbortController();
    await expect(ear.until('sound', () => ear.soundAfter(0), 5_000, never.signal)).resolves.toBeGreaterThan(0);
    await expect(ear.until('the moon', () => undefined, 20, never.signal)).rejects.toBeInstanceOf(NotHeard);
    never.abort(new Error('enough'));
    await expect(ear.until('sound', () => ear.soundAfter(0), 5_000, never.signal)).rejects.toThrow('enough');
  });
});
