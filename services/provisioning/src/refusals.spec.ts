import { randomBytes } from 'node:crypto';
import { TenantUpdatedV1 } from '@troncal/contracts';
import { startUnderTest, type ServiceUnderTest } from '@troncal/testing';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { startService } from './index.js';

const tenant = { name: 'One', country: 'CL', timeZone: 'America/Santiago' };
const phone = { displayName: 'Office' };
const route = { name: 'Main', start: 'bye', nodes: { bye: { kind: 'hangup' } } };

interface Refusal {
  readonly status: number;
  readonly code: string;
  readonly errors?: readonly { readonly path: string; readonly message: string }[];
}

describe('what provisioning refuses', () => {
  let under: ServiceUnderTest;
  beforeAll(async () => {
    under = await startUnderTest('provisioning', startService, { tenants: ['one', 'two'], files: { CREDENTIALS_KEY_FILE: randomBytes(32).toString('base64') } });
    for (const code of ['one', 'two']) {
      await under.api.expect('POST', '/api/tenants', { code, ...tenant });
      await under.api.expect('PUT', `/api/tenants/${code}/routes/main`, route);
      await under.api.expect('PUT', `/api/tenants/${code}/endpoints/201`, phone);
    }
    await under.api.expect('PUT', '/api/tenants/two/numbers/+56225550122', { route: 'main' });
  });
  afterAll(() => under.stop());

  /** Everything there is, as a stranger to the database sees it: a refused request leaves it as it was. */
  async function everything(): Promise<unknown> {
    const paths = ['', '/one', '/two'].flatMap((path) => (path ? ['', '/endpoints', '/routes', '/numbers'].map((part) => path + part) : [path]));
    return Promise.all(paths.map((path) => under.api.expect('GET', `/api/tenants${path}`)));
  }
  let before: unknown;
  beforeEach(async () => {
    before = await everything();
  });

  it.each<[string, string, string, unknown, Refusal]>([
    ['malformed JSON', 'POST', '/api/tenants', '{"code":', { status: 400, code: 'malformed_json' }],
    ['an empty body', 'PUT', '/api/tenants/one/endpoints/202', '', { status: 400, code: 'malformed_json' }],
    ['no body', 'PUT', '/api/tenants/one/endpoints/202', undefined, { status: 422, code: 'validation_failed', errors: [{ path: '/', message: 'Invalid input: expected object, received undefined' }] }],
    [
      'every fault of a tenant at once',
      'POST',
      '/api/tenants',
      { code: '_x', name: ' ', country: 'chile', timeZone: 'Mars/Olympus', language: 'fr', colour: 'red' },
      {
        status: 422,
        code: 'validation_failed',
        errors: [
          { path: '/code', message: 'expected 2 to 32 of a-z, 0-9, "_" and "-", not beginning with "_"' },
          { path: '/name', message: 'Too small: expected string to have >=1 characters' },
          { path: '/country', message: 'expected ISO 3166-1 alpha-2, e.g. CL' },
          { path: '/language', message: 'Invalid option: expected one of "es"|"en"' },
          { path: '/timeZone', message: 'expected an IANA time zone, e.g. America/Santiago' },
          { path: '/colour', message: 'This field is not known here.' },
        ],
      },
    ],
    ['an unknown field', 'PATCH', '/api/tenants/one', { code: 'other' }, { status: 422, code: 'validation_failed', errors: [{ path: '/code', message: 'This field is not known here.' }] }],
    ['a wrong type', 'PUT', '/api/tenants/one/endpoints/202', { displayName: 7, enabled: 'yes' }, { status: 422, code: 'validation_failed', errors: [{ path: '/displayName', message: 'Invalid input: expected string, received number' }, { path: '/enabled', message: 'Invalid input: expected boolean, received string' }] }],
    ['a password of one’s own', 'PUT', '/api/tenants/one/endpoints/201', { ...phone, password: 'hunter2' }, { status: 422, code: 'validation_failed', errors: [{ path: '/password', message: 'This field is not known here.' }] }],
    ['an extension that is none', 'PUT', '/api/tenants/one/endpoints/2a', phone, { status: 422, code: 'validation_failed', errors: [{ path: '/extension', message: 'the extension of an endpoint is 1 to 16 digits' }] }],
    ['a feature code as an endpoint', 'PUT', '/api/tenants/one/endpoints/*43', phone, { status: 422, code: 'validation_failed', errors: [{ path: '/extension', message: 'the extension of an endpoint is 1 to 16 digits' }] }],
    ['a rotation with a body', 'POST', '/api/tenants/one/endpoints/201/rotate', { password: 'hunter2' }, { status: 422, code: 'validation_failed', errors: [{ path: '/password', message: 'This field is not known here.' }] }],
    ['a rotation of nothing', 'POST', '/api/tenants/one/endpoints/299/rotate', undefined, { status: 404, code: 'unknown_endpoint' }],
    ['a number that is none', 'PUT', '/api/tenants/one/numbers/22555', { route: 'main' }, { status: 422, code: 'validation_failed', errors: [{ path: '/number', message: 'expected E.164, e.g. +56225550100' }] }],
    ['a number of another tenant', 'PUT', '/api/tenants/one/numbers/+56225550122', { route: 'main' }, { status: 409, code: 'number_taken' }],
    ['the release of another tenant’s number', 'DELETE', '/api/tenants/one/numbers/+56225550122', undefined, { status: 404, code: 'unknown_number' }],
    ['a number that leads nowhere', 'PUT', '/api/tenants/one/numbers/+56225550123', { route: 'gone' }, { status: 422, code: 'unknown_route', errors: [{ path: '/route', message: 'no route "gone"' }] }],
    [
      'a route with loose ends',
      'PUT',
      '/api/tenants/one/routes/second',
      { ...route, start: 'menu', nodes: { ...route.nodes, lost: { kind: 'hangup' }, menu: { kind: 'menu', prompt: { say: { es: 'Hola' } }, digits: { 1: 'bye', 2: 'nowhere' }, onTimeout: 'bye' } } },
      { status: 422, code: 'validation_failed', errors: [{ path: '/nodes/menu', message: 'leads to "nowhere", which is no node' }, { path: '/nodes/lost', message: 'cannot be reached from the start' }] },
    ],
    ['an unknown field deep in a route', 'PUT', '/api/tenants/one/routes/second', { ...route, nodes: { bye: { kind: 'hangup', volume: 11 } } }, { status: 422, code: 'validation_failed', errors: [{ path: '/nodes/bye/volume', message: 'This field is not known here.' }] }],
    ['a route that a number needs', 'DELETE', '/api/tenants/two/routes/main', undefined, { status: 409, code: 'route_in_use' }],
    ['an extension twice', 'PUT', '/api/tenants/one/routes/second', { ...route, extension: '201' }, { status: 409, code: 'extension_taken' }],
    ['an emergency number as an endpoint', 'PUT', '/api/tenants/one/endpoints/133', phone, { status: 422, code: 'extension_reserved', errors: [{ path: '/extension', message: 'an emergency number in CL' }] }],
    ['an emergency number as a route', 'PUT', '/api/tenants/one/routes/main', { ...route, extension: '911' }, { status: 422, code: 'extension_reserved', errors: [{ path: '/extension', message: 'an emergency number in CL' }] }],
    ['a tenant twice', 'POST', '/api/tenants', { code: 'ONE', ...tenant }, { status: 409, code: 'tenant_exists' }],
    ['an unknown tenant', 'PUT', '/api/tenants/nobody/endpoints/201', phone, { status: 404, code: 'unknown_tenant' }],
    ['a page of nonsense', 'GET', '/api/tenants?limit=0&colour=red', undefined, { status: 422, code: 'validation_failed', errors: [{ path: '/limit', message: 'Too small: expected number to be >=1' }, { path: '/colour', message: 'This field is not known here.' }] }],
    ['an unknown path', 'GET', '/api/tenants/one/phones', undefined, { status: 404, code: 'not_found' }],
  ])('%s', async (_case, method, path, body, refusal) => {
    const answer = await under.api.send<Refusal & { type: string; detail: string }>(method, path, body);
    const { status, code, errors } = answer.body;
    expect({ status, code, errors }).toEqual({ errors: undefined, ...refusal });
    expect(answer.status).toBe(refusal.status);
    expect(answer.body.type).toBe(`urn:troncal:problem:${refusal.code}`);
    expect(answer.headers.get('content-type')).toMatch(/^application\/problem\+json/);
    expect(await everything()).toEqual(before);
  });

  it('whoever has no key, a wrong one, or comes from a foreign page', async () => {
    expect(await under.api.withKey(undefined).send('GET', '/api/tenants')).toMatchObject({ status: 401, body: { code: 'no_api_key' } });
    expect(await under.api.withKey('trk_wrong').send('DELETE', '/api/tenants/one')).toMatchObject({ status: 401, body: { code: 'wrong_api_key' } });
    expect(await under.api.send('DELETE', '/api/tenants/one', undefined, { origin: 'https://evil.example' })).toMatchObject({ status: 403, body: { code: 'foreign_origin' } });
    expect(await everything()).toEqual(before);
  });

  it.each([
    ['GET', ''],
    ['PATCH', '', { name: 'Mine' }],
    ['DELETE', ''],
    ['GET', '/endpoints'],
    ['GET', '/endpoints/201'],
    ['PUT', '/endpoints/201', { displayName: 'Mine' }],
    ['PUT', '/endpoints/202', phone],
    ['POST', '/endpoints/201/rotate'],
    ['DELETE', '/endpoints/201'],
    ['GET', '/routes'],
    ['GET', '/routes/main'],
    ['PUT', '/routes/main', { ...route, name: 'Mine' }],
    ['DELETE', '/routes/main'],
    ['GET', '/numbers'],
    ['GET', '/numbers/+56225550122'],
    ['PUT', '/numbers/+56225550122', { route: 'main' }],
    ['DELETE', '/numbers/+56225550122'],
  ])('hides another tenant from %s %s as if it were not there', async (method, path, body?: object) => {
    const key = under.apiOf('one');
    const foreign = await key.send<{ detail: string }>(method, `/api/tenants/two${path}`, body);
    const absent = await key.send<{ detail: string }>(method, `/api/tenants/nobody${path}`, body);
    expect(foreign).toMatchObject({ status: 404, body: { code: 'unknown_tenant' } });
    expect(foreign.body.detail.replaceAll('two', 'nobody')).toBe(absent.body.detail);
    expect(await everything()).toEqual(before);
  });

  it('lets a key of one tenant see itself only, and not decide whether it is there or suspended', async () => {
    const key = under.apiOf('one');
    expect(await key.expect('GET', '/api/tenants')).toEqual({ tenants: [expect.objectContaining({ code: 'one' })] });
    const platformOnly = { status: 403, body: { code: 'platform_only' } };
    expect(await key.send('POST', '/api/tenants', { code: 'three', ...tenant })).toMatchObject(platformOnly);
    expect(await key.send('DELETE', '/api/tenants/one')).toMatchObject(platformOnly);
    expect(await key.send('PATCH', '/api/tenants/one', { suspended: null })).toMatchObject(platformOnly);
    const taken = await key.send<{ detail: string }>('PUT', '/api/tenants/one/numbers/+56225550122', { route: 'main' });
    expect(taken).toMatchObject({ status: 409, body: { code: 'number_taken' } });
    expect(taken.body.detail).not.toContain('two');
    expect(await everything()).toEqual(before);
  });

  it('tells nothing on the bus of what it refused', async () => {
    await under.api.expect('PATCH', '/api/tenants/one', { name: 'Said last' });
    await under.seen(TenantUpdatedV1, (event) => event.data.name === 'Said last' && event.data.revision === 2);
    expect(under.events.map(({ envelope }) => `${envelope.tenantid} ${envelope.type}`).toSorted()).toEqual([
      'one EndpointUpdated.v1',
      'one RouteUpdated.v1',
      'one TenantCreated.v1',
      'one TenantUpdated.v1',
      'two EndpointUpdated.v1',
      'two NumberAssigned.v1',
      'two RouteUpdated.v1',
      'two TenantCreated.v1',
    ]);
  });
});
