import { clockAt, start } from '@troncal/callflow';
import { describe, expect, it } from 'vitest';
import { MENU } from '../../../test/support/voice-under-test.js';
import { LONGEST_TICKET, readTicket, writeTicket, type FlowTicket } from './flow-ticket.js';

const ticket: FlowTicket = { environment: 'prod', tenant: 'oficina_principal', route: 'main', revision: 7, state: start(MENU, { answered: false }, clockAt(new Date('2026-11-30T12:00:00Z'), 'America/Santiago')).state, waiting: { for: 'menu' } };
const everything: FlowTicket = {
  ...ticket,
  record: 'announced',
  callerId: '+56229145248',
  guest: { tenant: 'other', dialled: '+56229145249' },
  state: { ...ticket.state, typedAhead: '12#', cause: 'busy' },
  waiting: { for: 'queue', group: 2, round: 3, since: 1_800_000_000, until: 1_800_000_300 },
};
const packed = (value: unknown): string => `1${Buffer.from(JSON.stringify(value)).toString('base64url')}`;

describe('a flow’s ticket', () => {
  it('comes back as it was written, in characters that a query needs not to encode', () => {
    for (const one of [ticket, everything]) {
      const text = writeTicket(one);
      expect(text).toMatch(/^[\w-]+$/);
      expect(readTicket(text)).toEqual(one);
    }
  });

  it('is short', () => {
    expect(writeTicket(ticket).length).toBeLessThan(300);
  });

  it('keeps what the interpreter adds to its state later', () => {
    const state = { ...ticket.state, spoken: 'en', came: ['menu', 'other'] } as FlowTicket['state'];
    expect(readTicket(writeTicket({ ...ticket, state }))?.state).toEqual(state);
  });

  it('that would be too long is not written', () => {
    const state = { ...ticket.state, came: Array.from({ length: 300 }, () => 'menu-of-menus') } as FlowTicket['state'];
    expect(() => writeTicket({ ...ticket, state })).toThrow(RangeError);
  });

  it.each([
    ['nothing', ''],
    ['another version', `2${writeTicket(ticket).slice(1)}`],
    ['a torn one', writeTicket(ticket).slice(0, -3)],
    ['no JSON', '1abc'],
    ['null', packed(null)],
    ['a list', packed([])],
    ['one that is too long', `1${'A'.repeat(LONGEST_TICKET)}`],
    ['one that waits for nothing known', packed({ ...JSON.parse(Buffer.from(writeTicket(ticket).slice(1), 'base64url').toString()) as object, w: { _for: 'ever' } })],
    ['one with more in it', packed({ ...JSON.parse(Buffer.from(writeTicket(ticket).slice(1), 'base64url').toString()) as object, _more: 1 })],
  ])('is not taken for one: %s', (_, text) => {
    expect(readTicket(text)).toBeUndefined();
  });
});
