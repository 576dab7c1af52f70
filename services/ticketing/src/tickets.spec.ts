import { randomUUID } from 'node:crypto';
import { QueueLeftV1, TicketOpenedV1, type TicketView } from '@troncal/contracts';
import { EventSource, startUnderTest, type ServiceUnderTest } from '@troncal/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startService } from './index.js';

type Left = Parameters<typeof QueueLeftV1.encode>[0];
interface Page {
  readonly tickets: TicketView[];
  readonly next?: string;
}

describe('ticketing', () => {
  let under: ServiceUnderTest;
  let gateway: EventSource;
  beforeAll(async () => {
    under = await startUnderTest('ticketing', startService, { tenants: ['one', 'two'] });
    gateway = await EventSource.open(under.nats, 'ari-gateway');
  });
  afterAll(async () => {
    await gateway.close();
    await under.stop();
  });

  const left = async (tenant: string, facts: Partial<Left> = {}): Promise<string> => {
    const callId = facts.callId ?? randomUUID();
    await gateway.publish(QueueLeftV1, { tenant, subject: callId, data: { callId, queue: 'people', outcome: 'timeout', waitedMs: 30_000, from: '+56225550101', ...facts } });
    return callId;
  };
  const opened = (callId: string): Promise<unknown> => under.seen(TicketOpenedV1, (event) => event.data.callId === callId);
  const ticketsOf = async (tenant: string): Promise<TicketView[]> => (await under.api.expect<Page>('GET', `/api/tickets?tenant=${tenant}`)).tickets;

  it('opens a ticket for a call that nobody took, and tells it', async () => {
    const callId = await left('shown', { outcome: 'no_members', waitedMs: 40, summary: 'Asks about an invoice.' });
    const event = await under.seen(TicketOpenedV1, (found) => found.data.callId === callId);
    expect(event).toMatchObject({ tenantid: 'shown', source: 'ticketing', correlationid: callId, data: { number: 1, reason: 'missed_call', from: '+56225550101', title: 'Nobody took the call from +56225550101' } });
    const [ticket] = await ticketsOf('shown');
    expect(ticket).toEqual({
      ticketId: event.data.ticketId, tenant: 'shown', number: 1, reason: 'missed_call', state: 'open', title: 'Nobody took the call from +56225550101', callId, from: '+56225550101',
      queue: 'people', outcome: 'no_members', waitedMs: 40, summary: 'Asks about an invoice.', openedAt: expect.stringMatching(/^\d{4}-.*Z$/) as string,
    });
    expect(await under.api.expect('GET', `/api/tickets/${event.data.ticketId}`)).toEqual(ticket);
  });

  it('opens none for a caller who was connected, and one for a call that left two queues', async () => {
    await left('once', { outcome: 'connected' });
    const callId = await left('once');
    // Of two calls either may be taken first.
    await opened(callId);
    await left('once', { callId, queue: 'managers', outcome: 'abandoned' });
    const last = await left('once', { from: '' });
    await opened(last);
    expect((await ticketsOf('once')).map(({ number, callId: call, queue, title }) => ({ number, call, queue, title }))).toEqual([
      { number: 2, call: last, queue: 'people', title: 'Nobody took a call from a withheld number' },
      { number: 1, call: callId, queue: 'people', title: 'Nobody took the call from +56225550101' },
    ]);
  });

  it('numbers the tickets of each tenant without gaps, however many come at once and however often', async () => {
    const calls = await Promise.all(Array.from({ length: 30 }, (_, index) => left(index % 2 ? 'odd' : 'even')));
    await Promise.all(calls.map(opened));
    await gateway.repeatAll();
    const last = await left('odd');
    await opened(last);
    for (const [tenant, count] of [['odd', 16], ['even', 15]] as const) {
      const tickets = await ticketsOf(tenant);
      expect(tickets.map((ticket) => ticket.number).toSorted((one, two) => one - two)).toEqual(Array.from({ length: count }, (_, index) => index + 1));
      expect(new Set(tickets.map((ticket) => ticket.callId)).size).toBe(count);
      expect(under.events.filter(({ envelope }) => envelope.tenantid === tenant && envelope.type === TicketOpenedV1.type)).toHaveLength(count);
    }
  });

  it('shows a page at a time, newest first', async () => {
    for (let index = 0; index < 5; index += 1) await opened(await left('paged'));
    const seen: number[] = [];
    for (let after = ''; ; ) {
      const page = await under.api.expect<Page>('GET', `/api/tickets?tenant=paged&limit=2${after}`);
      seen.push(...page.tickets.map((ticket) => ticket.number));
      if (page.next === undefined) break;
      after = `&after=${page.next}`;
    }
    expect(seen).toEqual([5, 4, 3, 2, 1]);
  });

  it('shows a key of one tenant its own tickets only', async () => {
    const mine = await left('one');
    const theirs = await left('two');
    await Promise.all([opened(mine), opened(theirs)]);
    const [foreign] = await ticketsOf('two');
    const key = under.apiOf('one');
    expect((await key.expect<Page>('GET', '/api/tickets')).tickets.map((ticket) => ticket.callId)).toEqual([mine]);
    expect((await key.expect<Page>('GET', '/api/tickets?tenant=ONE')).tickets).toHaveLength(1);
    expect(await key.send('GET', '/api/tickets?tenant=two')).toMatchObject({ status: 404, body: { code: 'unknown_tenant' } });
    expect(await key.send('GET', `/api/tickets/${foreign?.ticketId}`)).toMatchObject({ status: 404, body: { code: 'unknown_ticket' } });
    expect((await under.api.expect<Page>('GET', '/api/tickets')).tickets.map((ticket) => ticket.callId)).toEqual(expect.arrayContaining([mine, theirs]));
  });

  it.each([
    ['an id that is none', '/api/tickets/17', 422, 'validation_failed'],
    ['a ticket that is not', '/api/tickets/01K9ZQ4W2M6T8N0B3C5D7E9F1G', 404, 'unknown_ticket'],
    ['a page of nonsense', '/api/tickets?limit=many', 422, 'validation_failed'],
    ['an unknown parameter', '/api/tickets?state=open', 422, 'validation_failed'],
    ['a tenant that can be none', '/api/tickets?tenant=_', 422, 'validation_failed'],
  ])('refuses %s', async (_case, path, status, code) => {
    expect(await under.api.send('GET', path)).toMatchObject({ status, body: { status, code, type: `urn:troncal:problem:${code}` } });
    expect(await under.api.withKey(undefined).send('GET', path)).toMatchObject({ status: 401, body: { code: 'no_api_key' } });
    expect(await under.api.send('GET', path, undefined, { origin: 'https://evil.example' })).toMatchObject({ status: 403, body: { code: 'foreign_origin' } });
  });
});
