import { randomUUID } from 'node:crypto';
import { CallAnsweredV1, CallEndedV1, CallStartedV1, type ContactView } from '@troncal/contracts';
import { eventually, EventSource, startUnderTest, type ServiceUnderTest } from '@troncal/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startService } from './index.js';

interface Page {
  readonly contacts: ContactView[];
  readonly next?: string;
}
interface Call {
  readonly tenant: string;
  readonly callId: string;
  readonly direction: 'inbound' | 'outbound' | 'internal';
  readonly from: string;
  readonly to: string;
}

describe('the contact ledger', () => {
  let under: ServiceUnderTest;
  let gateway: EventSource;
  beforeAll(async () => {
    under = await startUnderTest('collections-dialer', startService, { tenants: ['one', 'two'] });
    gateway = await EventSource.open(under.nats, 'ari-gateway');
  });
  afterAll(async () => {
    await gateway.close();
    await under.stop();
  });

  const call = (tenant: string, facts: Partial<Call> = {}): Call => ({ tenant, callId: randomUUID(), direction: 'inbound', from: '+56225550101', to: '100', ...facts });
  async function started({ tenant, callId, direction, from, to }: Call, time: string): Promise<void> {
    await gateway.publish(CallStartedV1, { tenant, subject: callId, time: new Date(time), data: { callId, legId: randomUUID(), direction, from, to, edgeId: 'edge-1', rail: 'asterisk' } });
  }
  async function answered({ tenant, callId }: Call, time: string): Promise<void> {
    await gateway.publish(CallAnsweredV1, { tenant, subject: callId, time: new Date(time), data: { callId, legId: randomUUID(), by: 'route', answeredBy: 'main' } });
  }
  async function ended({ tenant, callId, direction, from, to }: Call, time: string, disposition: 'answered' | 'busy'): Promise<void> {
    const data = { callId, from, to, direction, disposition, endedBy: 'caller' as const, cause: 16, durationMs: 41_000, answeredMs: disposition === 'answered' ? 40_000 : 0 };
    await gateway.publish(CallEndedV1, { tenant, subject: callId, time: new Date(time), data });
  }
  const contacts = async (query: string): Promise<ContactView[]> => (await under.api.expect<Page>('GET', `/api/contacts?${query}`)).contacts;
  const untilEnded = (query: string, count: number): Promise<ContactView[]> =>
    eventually(`${count} ended contacts`, async () => {
      const found = await contacts(query);
      return found.length === count && found.every((contact) => contact.disposition !== null) && found;
    });

  it('has one row per call, from its first event to its last', async () => {
    const one = call('grow');
    await started(one, '2026-01-05T10:00:00Z');
    const [open] = await eventually('the call is in the ledger', async () => {
      const found = await contacts('tenant=grow');
      return found.length > 0 && found;
    });
    expect(open).toEqual({
      callId: one.callId, tenant: 'grow', party: '+56225550101', direction: 'inbound', disposition: null,
      startedAt: '2026-01-05T10:00:00.000Z', answeredAt: null, endedAt: null, durationMs: null, answeredMs: null,
    });
    await answered(one, '2026-01-05T10:00:02Z');
    await ended(one, '2026-01-05T10:00:42Z', 'answered');
    expect(await untilEnded('tenant=grow', 1)).toEqual([{ ...open, disposition: 'answered', answeredAt: '2026-01-05T10:00:02.000Z', endedAt: '2026-01-05T10:00:42.000Z', durationMs: 41_000, answeredMs: 40_000 }]);
  });

  it('finds the calls with a number, newest first, a page at a time', async () => {
    const calls = [
      call('find', { direction: 'outbound', from: '202', to: '+56225550101' }),
      call('find'),
      call('find', { from: '+56225550199' }),
      call('find', { direction: 'internal', from: '201', to: '202' }),
    ];
    for (const [index, one] of calls.entries()) {
      await started(one, `2026-01-05T10:0${index}:00Z`);
      await ended(one, `2026-01-05T10:0${index}:42Z`, 'busy');
    }
    expect((await untilEnded('tenant=find', 4)).map((contact) => contact.party)).toEqual(['202', '+56225550199', '+56225550101', '+56225550101']);
    const number = encodeURIComponent('+56225550101');
    const first = await under.api.expect<Page>('GET', `/api/contacts?tenant=find&number=${number}&limit=1`);
    expect(first.contacts.map((contact) => contact.direction)).toEqual(['inbound']);
    const second = await under.api.expect<Page>('GET', `/api/contacts?tenant=find&number=${number}&limit=1&after=${first.next}`);
    expect(second.contacts.map((contact) => contact.direction)).toEqual(['outbound']);
    expect(second.next).toBeUndefined();
  });

  it('counts a call once, however often and in whatever order it is told of', async () => {
    const late = call('order');
    await ended(late, '2026-01-05T10:00:42Z', 'answered');
    await started(late, '2026-01-05T10:00:00Z');
    const neverStarted = call('order', { from: '+56225550177' });
    await ended(neverStarted, '2026-01-05T09:00:42Z', 'busy');
    await gateway.repeatAll();
    const marker = call('order', { from: '+56225550188' });
    await started(marker, '2026-01-05T11:00:00Z');
    await ended(marker, '2026-01-05T11:00:42Z', 'busy');
    const found = await untilEnded('tenant=order', 3);
    expect(found.map(({ callId, startedAt, disposition }) => ({ callId, startedAt, disposition }))).toEqual([
      { callId: marker.callId, startedAt: '2026-01-05T11:00:00.000Z', disposition: 'busy' },
      { callId: late.callId, startedAt: '2026-01-05T10:00:01.000Z', disposition: 'answered' },
      { callId: neverStarted.callId, startedAt: '2026-01-05T09:00:01.000Z', disposition: 'busy' },
    ]);
  });

  it('shows a key of one tenant its own contacts only', async () => {
    const [mine, theirs] = [call('one'), call('two')];
    for (const one of [mine, theirs]) {
      await started(one, '2026-01-05T10:00:00Z');
      await ended(one, '2026-01-05T10:00:42Z', 'busy');
    }
    await untilEnded('tenant=two', 1);
    await untilEnded('tenant=one', 1);
    const key = under.apiOf('one');
    expect((await key.expect<Page>('GET', '/api/contacts')).contacts.map((contact) => contact.callId)).toEqual([mine.callId]);
    expect(await key.send('GET', '/api/contacts?tenant=two')).toMatchObject({ status: 404, body: { code: 'unknown_tenant' } });
  });

  it.each([
    ['no tenant with a key of the platform', '', '/tenant'],
    ['a tenant that can be none', 'tenant=_', '/tenant'],
    ['a page of nonsense', 'tenant=one&limit=0', '/limit'],
    ['a place that is none', 'tenant=one&after=nowhere', '/after'],
    ['an unknown parameter', 'tenant=one&colour=red', '/colour'],
  ])('refuses %s', async (_case, query, path) => {
    const answer = await under.api.send<{ errors: { path: string }[] }>('GET', `/api/contacts?${query}`);
    expect(answer).toMatchObject({ status: 422, body: { code: 'validation_failed', type: 'urn:troncal:problem:validation_failed' } });
    expect(answer.body.errors.map((fault) => fault.path)).toEqual([path]);
    expect(await under.api.withKey(undefined).send('GET', `/api/contacts?${query}`)).toMatchObject({ status: 401, body: { code: 'no_api_key' } });
    expect(await under.api.send('GET', `/api/contacts?${query}`, undefined, { origin: 'https://evil.example' })).toMatchObject({ status: 403, body: { code: 'foreign_origin' } });
  });
});
