import { describe, expect, it } from 'vitest';
import { otherParty, startOf } from './contact.js';

describe('a contact', () => {
  it.each([
    ['inbound', '+56225550101'],
    ['outbound', '202'],
    ['internal', '202'],
  ] as const)('names the other party of an %s call', (direction, party) => {
    expect(otherParty({ direction, from: '+56225550101', to: '202' })).toBe(party);
  });

  it('reckons a start back from the end', () => {
    expect(startOf(new Date('2026-01-01T00:01:00Z'), 42_000).toISOString()).toBe('2026-01-01T00:00:18.000Z');
  });
});
