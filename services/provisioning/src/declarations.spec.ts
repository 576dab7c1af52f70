import { randomBytes } from 'node:crypto';
import {
  EndpointRemovedV1,
  EndpointUpdatedV1,
  NumberAssignedV1,
  NumberReleasedV1,
  RouteDeletedV1,
  RouteUpdatedV1,
  TenantCreatedV1,
  TenantDeletedV1,
  TenantSuspendedV1,
  TenantUpdatedV1,
  type EndpointView,
  type RouteInput,
  type TenantView,
} from '@troncal/contracts';
import type { SeenEvent } from '@troncal/messaging';
import { eventually, startUnderTest, type ServiceUnderTest } from '@troncal/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startService } from './index.js';

const body = { name: 'Condominio', country: 'CL', timeZone: 'America/Santiago' };
const phone = { displayName: 'Office', queues: ['people'] };
const route: RouteInput = { name: 'Main', extension: '100', start: 'bye', nodes: { bye: { kind: 'hangup', prompt: { say: { es: 'Adiós' } } } } };

describe('provisioning', () => {
  let under: ServiceUnderTest;
  beforeAll(async () => {
    under = await startUnderTest('provisioning', startService, { env: { SIP_REALM: 'troncal' }, files: { CREDENTIALS_KEY_FILE: randomBytes(32).toString('hex') } });
  });
  afterAll(() => under.stop());

  let count = 0;
  /** A tenant of the test's own. */
  async function tenant(): Promise<string> {
    const code = `t${(count += 1)}`;
    await under.api.expect('POST', '/api/tenants', { code, ...body });
    return code;
  }
  /**
   * Waits until as many events of a tenant have come as are expected, and compares types and revisions. Each aggregate's come in order; those of different ones
   * may overtake each other.
   */
  async function told(code: string, expected: readonly string[]): Promise<void> {
    const mine = (): SeenEvent[] => under.events.filter(({ envelope }) => envelope.tenantid === code);
    await eventually(`${expected.length} events of ${code}`, () => mine().length >= expected.length);
    const seen = mine().map(({ envelope }) => `${envelope.type} ${envelope.subject} ${String((envelope.data as { revision?: number }).revision ?? '')}`.trim());
    const bySubject = (lines: readonly string[]): unknown => Map.groupBy(lines, (line) => line.split(' ')[1]);
    expect(bySubject(seen)).toEqual(bySubject(expected));
  }

  it('creates a tenant once, under its lower-cased code, and tells it', async () => {
    const created = await under.api.send<TenantView>('POST', '/api/tenants', { code: 'Demo-1', ...body });
    expect(created).toMatchObject({ status: 201, body: { code: 'demo-1', ...body, language: 'es', suspended: null, revision: 1 } });
    expect(created.headers.get('location')).toBe('/api/tenants/demo-1');
    expect(await under.api.send('POST', '/api/tenants', { code: 'demo-1', ...body })).toMatchObject({ status: 409, body: { code: 'tenant_exists' } });
    const event = await under.seen(TenantCreatedV1, ({ tenantid }) => tenantid === 'demo-1');
    expect(event).toMatchObject({ subject: 'demo-1', sequence: 1, source: 'provisioning', data: { ...body, language: 'es', revision: 1 } });
    expect(await under.api.expect('GET', '/api/tenants/DEMO-1')).toEqual(created.body);
  });

  it('changes, suspends and reinstates a tenant, and says nothing when nothing changes', async () => {
    const code = await tenant();
    const patch = (change: object): Promise<TenantView> => under.api.expect<TenantView>('PATCH', `/api/tenants/${code}`, change);
    expect(await patch({ name: 'New' })).toMatchObject({ name: 'New', revision: 2 });
    expect(await patch({ name: 'New' })).toMatchObject({ revision: 2 });
    expect(await patch({ language: 'en', suspended: { reason: 'unpaid' } })).toMatchObject({ suspended: { reason: 'unpaid' }, revision: 4 });
    expect(await patch({ name: 'Newer' })).toMatchObject({ suspended: { reason: 'unpaid' }, revision: 5 });
    expect(await patch({ suspended: null })).toMatchObject({ suspended: null, revision: 6 });
    await under.seen(TenantSuspendedV1, (event) => event.tenantid === code && event.data.revision === 4 && event.data.reason === 'unpaid');
    await under.seen(TenantUpdatedV1, (event) => event.data.revision === 5 && event.data.suspended === true && event.tenantid === code);
    await under.seen(TenantUpdatedV1, (event) => event.data.revision === 6 && event.data.suspended === false && event.tenantid === code);
    await under.api.expect('DELETE', `/api/tenants/${code}`);
    await told(code, ['TenantCreated.v1', 'TenantUpdated.v1', 'TenantUpdated.v1', 'TenantSuspended.v1', 'TenantUpdated.v1', 'TenantUpdated.v1', 'TenantDeleted.v1'].map((type, index) => `${type} ${code} ${index + 1}`));
  });

  it('shows the password of an endpoint once, and gives it another one on request', async () => {
    const code = await tenant();
    const at = `/api/tenants/${code}/endpoints/202`;
    const created = await under.api.send<EndpointView>('PUT', at, phone);
    expect(created).toMatchObject({ status: 201, body: { extension: '202', sipUser: `${code}_202`, role: 'office', enabled: true, revision: 1, credentialRevision: 1 } });
    expect(created.body.password).toMatch(/^[A-Za-z]{24}$/);
    expect(created.headers.get('cache-control')).toBe('no-store');
    const again = await under.api.send<EndpointView>('PUT', at, phone);
    expect(again).toMatchObject({ status: 200, body: { revision: 1 } });
    expect(again.body).not.toHaveProperty('password');
    expect(await under.api.expect('GET', at)).not.toHaveProperty('password');
    const rotated = await under.api.expect<EndpointView>('POST', `${at}/rotate`);
    expect(rotated).toMatchObject({ revision: 1, credentialRevision: 2 });
    expect(rotated.password).not.toBe(created.body.password);
    await under.api.expect('DELETE', at);
    expect(await under.api.send('GET', at)).toMatchObject({ status: 404, body: { code: 'unknown_endpoint' } });
    // Declared again it goes on counting, so that nobody takes its events for old ones.
    expect(await under.api.expect('PUT', at, phone)).toMatchObject({ revision: 3, credentialRevision: 3 });
    await under.api.expect('DELETE', `/api/tenants/${code}`);
    await told(code, [`TenantCreated.v1 ${code} 1`, 'EndpointUpdated.v1 202 1', 'CredentialRotated.v1 202', 'EndpointRemoved.v1 202 2', 'EndpointUpdated.v1 202 3', 'EndpointRemoved.v1 202 4', `TenantDeleted.v1 ${code} 2`]);
    const passwords = [created.body.password, rotated.password];
    const wire = JSON.stringify(under.events);
    for (const password of passwords) expect(wire).not.toContain(password);
  });

  it('keeps what belongs together: numbers, routes and extensions', async () => {
    const [code, other] = [await tenant(), await tenant()];
    const at = `/api/tenants/${code}`;
    const number = '+56225550100';
    expect(await under.api.send('PUT', `${at}/numbers/${number}`, { route: 'main' })).toMatchObject({ status: 422, body: { code: 'unknown_route' } });
    expect(await under.api.send('PUT', `${at}/routes/main`, route)).toMatchObject({ status: 201, body: { code: 'main', revision: 1 } });
    expect(await under.api.send('PUT', `${at}/routes/main`, route)).toMatchObject({ status: 200, body: { revision: 1 } });
    expect(await under.api.send('PUT', `${at}/numbers/${number}`, { route: 'main' })).toMatchObject({ status: 201, body: { number, route: 'main', revision: 1 } });
    expect(await under.api.send('DELETE', `${at}/routes/main`)).toMatchObject({ status: 409, body: { code: 'route_in_use' } });

    await under.api.expect('PUT', `/api/tenants/${other}/routes/main`, route);
    const taken = await under.api.send<{ detail: string }>('PUT', `/api/tenants/${other}/numbers/${number}`, { route: 'main' });
    expect(taken).toMatchObject({ status: 409, body: { code: 'number_taken' } });
    expect(taken.body.detail).toContain(`DELETE ${at}/numbers/${number}`);

    expect(await under.api.send('PUT', `${at}/endpoints/100`, phone)).toMatchObject({ status: 409, body: { code: 'extension_taken' } });
    expect(await under.api.send('PUT', `${at}/routes/second`, route)).toMatchObject({ status: 409, body: { code: 'extension_taken' } });
    await under.api.expect('PUT', `${at}/endpoints/201`, phone);
    expect(await under.api.send('PUT', `${at}/routes/main`, { ...route, extension: '201' })).toMatchObject({ status: 409, body: { code: 'extension_taken' } });

    await under.api.expect('DELETE', `${at}/numbers/${number}`);
    expect(await under.api.expect('PUT', `/api/tenants/${other}/numbers/${number}`, { route: 'main' })).toMatchObject({ revision: 3 });
    await under.seen(NumberReleasedV1, (event) => event.tenantid === code && event.data.revision === 2);
    await under.seen(NumberAssignedV1, (event) => event.tenantid === other && event.data.revision === 3 && event.data.route === 'main');
    const told = await under.seen(RouteUpdatedV1, (event) => event.tenantid === code);
    expect(told.data).toMatchObject({ code: 'main', revision: 1, route: { ...route, language: 'es' } });
  });

  it('deletes a tenant with all that belongs to it, each with its event, and starts anew above the old revisions', async () => {
    const code = await tenant();
    const at = `/api/tenants/${code}`;
    await under.api.expect('PUT', `${at}/routes/main`, route);
    await under.api.expect('PUT', `${at}/numbers/+56225550109`, { route: 'main' });
    await under.api.expect('PUT', `${at}/endpoints/201`, phone);
    await under.api.expect('PUT', `${at}/endpoints/202`, phone);
    expect(await under.api.send('DELETE', at)).toMatchObject({ status: 204 });
    for (const path of ['', '/endpoints', '/endpoints/201', '/routes/main', '/numbers']) expect(await under.api.send('GET', `${at}${path}`)).toMatchObject({ status: 404, body: { code: 'unknown_tenant' } });
    await under.seen(NumberReleasedV1, (event) => event.tenantid === code);
    await under.seen(RouteDeletedV1, (event) => event.tenantid === code && event.data.revision === 2);
    await under.seen(EndpointRemovedV1, (event) => event.tenantid === code && event.data.extension === '202');
    await under.seen(TenantDeletedV1, (event) => event.tenantid === code && event.data.revision === 2);
    expect(await under.api.expect('POST', '/api/tenants', { code, ...body })).toMatchObject({ revision: 3 });
    expect(await under.api.expect('PUT', `${at}/endpoints/201`, phone)).toMatchObject({ revision: 3, credentialRevision: 2 });
    await under.seen(EndpointUpdatedV1, (event) => event.tenantid === code && event.data.revision === 3);
    expect(await under.api.expect('PUT', `${at}/routes/main`, route)).toMatchObject({ revision: 3 });
    expect(await under.api.expect('PUT', `${at}/numbers/+56225550109`, { route: 'main' })).toMatchObject({ revision: 3 });
  });

  it('gives revisions without gaps or doubles to declarations that come at once', async () => {
    const code = await tenant();
    const answers = await Promise.all(Array.from({ length: 12 }, (_, index) => under.api.send<EndpointView>('PUT', `/api/tenants/${code}/endpoints/203`, { ...phone, displayName: `Name ${index}` })));
    expect(answers.filter((answer) => answer.status === 201)).toHaveLength(1);
    expect(answers.map((answer) => answer.body.revision).sort((one, two) => one - two)).toEqual(Array.from({ length: 12 }, (_, index) => index + 1));
    expect(answers.filter((answer) => answer.body.password !== undefined)).toHaveLength(1);
  });

  it('gives a number that two tenants want at once to one of them', async () => {
    const codes = [await tenant(), await tenant(), await tenant()];
    for (const code of codes) await under.api.expect('PUT', `/api/tenants/${code}/routes/main`, route);
    const answers = await Promise.all(codes.map((code) => under.api.send('PUT', `/api/tenants/${code}/numbers/+56225550177`, { route: 'main' })));
    expect(answers.map((answer) => answer.status).toSorted((one, two) => one - two)).toEqual([201, 409, 409]);
  });

  it('lists tenants a page at a time, and what a tenant has', async () => {
    const code = await tenant();
    await under.api.expect('PUT', `/api/tenants/${code}/routes/main`, route);
    await under.api.expect('PUT', `/api/tenants/${code}/endpoints/202`, phone);
    await under.api.expect('PUT', `/api/tenants/${code}/endpoints/201`, phone);
    expect(await under.api.expect('GET', `/api/tenants/${code}/endpoints`)).toMatchObject({ endpoints: [{ extension: '201' }, { extension: '202' }] });
    expect(await under.api.expect('GET', `/api/tenants/${code}/routes`)).toMatchObject({ routes: [{ code: 'main', route }] });
    expect(await under.api.expect('GET', `/api/tenants/${code}/numbers`)).toEqual({ numbers: [] });
    const seen: string[] = [];
    for (let after: string | undefined = ''; after !== undefined; ) {
      const page: { tenants: TenantView[]; next?: string } = await under.api.expect('GET', `/api/tenants?limit=2${after && `&after=${after}`}`);
      seen.push(...page.tenants.map((one) => one.code));
      after = page.next;
    }
    expect(seen).toContain(code);
    expect(seen).toEqual([...new Set(seen)].sort());
  });
});
