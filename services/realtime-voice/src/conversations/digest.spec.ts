import { describe, expect, it } from 'vitest';
import { digestOf } from './digest.js';

describe('a digest', () => {
  it('holds what the caller said and the agent’s last words', () => {
    expect(
      digestOf([
        { role: 'agent', text: 'Hello' },
        { role: 'caller', text: 'My invoice is wrong' },
        { role: 'agent', text: 'Which one?' },
        { role: 'caller', text: 'Number 4711' },
      ]),
    ).toBe('Caller said: My invoice is wrong | Number 4711. Agent said last: Which one?');
  });

  it('keeps the newest words when there are many', () => {
    const digest = digestOf(Array.from({ length: 200 }, (_, index) => ({ role: 'caller' as const, text: `sentence number ${index}` })));
    expect(digest).toContain('sentence number 199');
    expect(digest).not.toContain('sentence number 1 ');
    expect(digest.length).toBeLessThan(1_000);
  });

  it('says when nothing was understood', () => {
    expect(digestOf([{ role: 'caller', text: '' }])).toContain('nothing that was understood');
  });
});
