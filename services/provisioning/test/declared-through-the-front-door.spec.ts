import { randomInt } from 'node:crypto';
import {
  CredentialRotatedV1,
  EndpointRemovedV1,
  EndpointUpdatedV1,
  NumberAssignedV1,
  RouteUpdatedV1,
  TenantCreatedV1,
  TenantDeletedV1,
  type EndpointView,
  type EventDefinition,
  type RouteInput,
} from '@troncal/contracts';
import { tailEvents, type SeenEvent, type Tail } from '@troncal/messaging';
import { eventually, openStack, TenantFixture, type Stack } from '@troncal/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

const ROUTE: RouteInput = { name: 'Main', extension: '100', start: 'bye', nodes: { bye: { kind: 'hangup' } } };

describe('what is declared through the front door', () => {
  let stack: Stack;
  let tenant: TenantFixture;
  let tail: Tail;
  const seen: SeenEvent[] = [];

  beforeAll(async () => {
    stack = await openStack();
    const { nats } = await stack.state();
    tail = await tailEvents({ url: nats.url, ...nats.observer }, (event) => seen.push(event), { domains: ['tenants'] });
    await tail.started;
    tenant = await TenantFixture.create(stack.api, 'declared-');
  });
  afterAll(async () => {
    if ((await stack.api.send('GET', `/api/tenants/${tenant.code}`)).status === 200) await tenant.remove();
    await tail.stop();
  });

  const mine = (): SeenEvent[] => seen.filter(({ envelope }) => envelope.tenantid === tenant.code);
  /** The event on the bus, where an observer sees it: subject, envelope and data as the catalogue has them. */
  function told<Data>(definition: EventDefinition<Data>): Promise<Data> {
    return eventually(`${definition.type} of ${tenant.code}`, () => {
      const found = mine().find(({ envelope, subject }) => envelope.type === definition.type && subject === definition.subjectFor(tenant.code));
      return found && definition.read(found.envelope).data;
    });
  }

  it('is told on the bus: tenant, endpoint, route and number, with no secret in any of them', async () => {
    const account = await tenant.endpoint('201', ['people']);
    expect(account).toMatchObject({ sipUser: `${tenant.code}_201`, password: expect.stringMatching(/^[A-Za-z]{24}$/) as string });
    await tenant.route('main', ROUTE);
    const number = `+5699${randomInt(1_000_000, 10_000_000)}`;
    await tenant.number(number, 'main');
    const rotated = await stack.api.expect<EndpointView>('POST', `/api/tenants/${tenant.code}/endpoints/201/rotate`);

    expect(await told(TenantCreatedV1)).toMatchObject({ name: `Suite ${tenant.code}`, timeZone: 'America/Santiago', revision: 1 });
    expect(await told(EndpointUpdatedV1)).toEqual({ extension: '201', sipUser: account.sipUser, displayName: 'Phone 201', role: 'office', queues: ['people'], enabled: true, revision: 1, credentialRevision: 1 });
    expect(await told(RouteUpdatedV1)).toMatchObject({ code: 'main', revision: 1, route: { ...ROUTE, language: 'es' } });
    expect(await told(NumberAssignedV1)).toEqual({ number, route: 'main', revision: 1 });
    expect(await told(CredentialRotatedV1)).toEqual({ extension: '201', sipUser: account.sipUser, credentialRevision: 2 });
    const wire = JSON.stringify(mine());
    for (const secret of [account.password, rotated.password]) expect(wire).not.toContain(secret);
  });

  it('is refused by one clear answer from behind the front door, with the request’s own id', async () => {
    const answer = await stack.api.send<{ instance: string }>('PUT', `/api/tenants/${tenant.code}/routes/main`, { ...ROUTE, colour: 'red' }, { 'x-request-id': 'stack-refusal' });
    expect(answer).toMatchObject({ status: 422, body: { code: 'validation_failed', errors: [{ path: '/colour' }], instance: 'urn:troncal:request:stack-refusal' } });
    expect(answer.headers.get('x-request-id')).toBe('stack-refusal');
    expect(await stack.api.send('PUT', `/api/tenants/${tenant.code}/routes/main`, '{"name":')).toMatchObject({ status: 400, body: { code: 'malformed_json' } });
    expect(await stack.api.withKey(undefined).send('GET', `/api/tenants/${tenant.code}`)).toMatchObject({ status: 401, body: { code: 'no_api_key' } });
    expect(await stack.api.send('GET', `/api/tenants/${tenant.code}`, undefined, { origin: 'https://evil.example' })).toMatchObject({ status: 403, body: { code: 'foreign_origin' } });
  });

  it('is gone for good when the tenant is deleted', async () => {
    await tenant.remove();
    expect(await told(EndpointRemovedV1)).toMatchObject({ extension: '201', revision: 2 });
    expect(await told(TenantDeletedV1)).toEqual({ revision: 2 });
    expect(await stack.api.send('GET', `/api/tenants/${tenant.code}`)).toMatchObject({ status: 404, body: { code: 'unknown_tenant' } });
  });
});
