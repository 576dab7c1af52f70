import { describe, expect, it } from 'vitest';
import { ticketFor, type MissedCall } from './ticket.js';

const call: MissedCall = { tenant: 'demo', callId: '0198c2d4-5a10-7c3e-9d55-3f1f6f0a1b2c', from: '+56225550101', queue: 'people', outcome: 'timeout', waitedMs: 30_000, at: new Date(5) };

describe('the ticket of a missed call', () => {
  it('says who called, and when', () => {
    expect(ticketFor(call, 'ID', 7)).toMatchObject({ ticketId: 'ID', number: 7, tenant: 'demo', title: 'Nobody took the call from +56225550101', openedAt: new Date(5) });
  });

  it('says so when the number was withheld', () => {
    expect(ticketFor({ ...call, from: ' ' }, 'ID', 7).title).toBe('Nobody took a call from a withheld number');
  });
});
