import { describe, expect, it } from 'vitest';
import { heardPart, Transcript, type Turn } from './transcript.js';

describe('what was heard of a text', () => {
  it.each([
    [4_000, 'The quick brown fox jumps'],
    [2_000, 'The quick'],
    [40, ''],
    [0, ''],
  ])('after %i of 4000 ms is %j', (heardMs, expected) => {
    expect(heardPart('The quick brown fox jumps', 4_000, heardMs)).toBe(expected);
  });

  it('is never more than can be spoken in the time, when the text came ahead of its audio', () => {
    const text = 'word '.repeat(100);
    expect(heardPart(text, 200, 200).length).toBeLessThanOrEqual(6);
  });

  it('is a prefix of the text, for every cut', () => {
    const text = 'Buenas tardes, le atiende el asistente.';
    for (let ms = 0; ms <= 3_000; ms += 20) expect(text.startsWith(heardPart(text, 3_000, ms))).toBe(true);
  });
});

describe('a transcript', () => {
  it('numbers turns in the order they began to be said, and tells each once when it is done', () => {
    const done: Turn[] = [];
    const transcript = new Transcript(4, (turn) => done.push({ ...turn }));
    transcript.begin('agent', 'unsaid', 0).text = 'Good';
    const said = transcript.begin('agent', 'a', 0);
    said.text = 'Hello there';
    transcript.sounds(said);
    transcript.begin('caller', 'b', 10);
    transcript.begin('agent', 'a', 20);
    transcript.finish('b', { tookMs: 300.4 });
    transcript.finish('a', { tookMs: 500, heard: 'Hello' });
    transcript.finish('a', { tookMs: 900 });
    transcript.finish('unknown', { tookMs: 1 });
    expect(done.map(({ number, role, tookMs, heard, interrupted }) => ({ number, role, tookMs, heard, interrupted }))).toEqual([
      { number: 6, role: 'caller', tookMs: 300, heard: undefined, interrupted: false },
      { number: 5, role: 'agent', tookMs: 500, heard: 'Hello', interrupted: true },
    ]);
    expect(transcript.spokenWhole()).toEqual([{ role: 'agent', text: 'Hello' }]);
    expect(transcript.count).toBe(6);
  });
});
