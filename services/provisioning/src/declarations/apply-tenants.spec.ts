import { randomBytes } from 'node:crypto';
import { EndpointProvisionedV1, NumberAssignedV1, ProvisioningCompletedV1, ProvisioningPlannedV1, ProvisioningStepDoneV1, TenantCreatedV1, type DeclaredTenantView, type RunView, type SipUserView } from '@troncal/contracts';
import { eventually } from '@troncal/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { AtTwilio, DOMAIN, FIRST_KEY, NUMBER, OFFICE } from '../../test/support/at-twilio.js';

describe('tenants that are declared', () => {
  let at: AtTwilio;
  beforeAll(async () => {
    at = await AtTwilio.start();
  });
  afterAll(() => at.stop());

  it('are planned in words, and nothing of it is stored', async () => {
    const { steps, waiting } = await at.plan([OFFICE]);
    expect(steps.map(({ says }) => says)).toEqual([
      `makes the SIP domain ${DOMAIN}`,
      'makes the credential list OFICINA_PRINCIPAL_Credentials',
      `makes the SIP user ${NUMBER}-office`,
      `makes the SIP user ${NUMBER}-security`,
      'lets the users of OFICINA_PRINCIPAL_Credentials call',
      'lets the users of OFICINA_PRINCIPAL_Credentials register',
      `buys ${NUMBER} and leads its calls here`,
    ]);
    expect(waiting).toEqual([]);
    expect(await at.under.api.expect('GET', at.path('tenants'))).toEqual({ tenants: [] });
    expect(at.twilio.requests().filter(({ method }) => method !== 'GET')).toEqual([]);
  });

  it('are brought about, step by step on the bus, on both rails', async () => {
    const view = await at.apply([OFFICE]);
    expect(view).toMatchObject({ state: 'whole', fault: null, tenants: ['oficina_principal'] });
    expect(view.steps.map(({ state }) => state)).toEqual(Array.from({ length: 7 }, () => 'done'));
    const { users, numbers } = await at.under.api.expect<DeclaredTenantView>('GET', at.path('tenants/oficina_principal'));
    expect(users).toMatchObject([{ extension: '201', username: `${NUMBER}-office`, state: 'provisioned', domain: DOMAIN }, { extension: '202', state: 'provisioned' }]);
    expect(numbers).toMatchObject([{ e164: NUMBER, state: 'provisioned', route: 'main' }]);
    await at.under.seen(ProvisioningPlannedV1, ({ data }) => data.run === view.run && data.steps === 7);
    for (const { key } of view.steps) await at.under.seen(ProvisioningStepDoneV1, ({ data }) => data.run === view.run && data.step === key);
    await at.under.seen(EndpointProvisionedV1, ({ data }) => data.username === `${NUMBER}-security`);
    await at.under.seen(ProvisioningCompletedV1, ({ data }) => data.run === view.run && data.outcome === 'whole' && data.done === 7);
    await at.under.seen(TenantCreatedV1, ({ tenantid }) => tenantid === 'oficina_principal');
    await at.under.seen(NumberAssignedV1, ({ data }) => data.number === NUMBER && data.route === 'main');
  });

  it('are changed by what is different alone', async () => {
    expect((await at.plan([OFFICE])).steps).toEqual([]);
    const changed = { ...OFFICE, endpoints: [...(OFFICE.endpoints ?? []), { extension: '203', role: 'gate' }] };
    expect((await at.apply([changed])).steps.map(({ says }) => says)).toEqual([`makes the SIP user ${NUMBER}-gate`]);
    expect((await at.apply([OFFICE])).steps.map(({ says }) => says)).toEqual([`removes the SIP user ${NUMBER}-gate`]);
  });

  it('have passwords that Twilio takes, and that are shown to who asks, by name', async () => {
    const shown = await at.under.api.expect<SipUserView>('POST', at.path('tenants/oficina_principal/users/201/reveal'));
    expect(shown.password).toMatch(/^(?=.*[a-z])(?=.*[A-Z])(?=.*\d).{24}$/);
    const [user] = at.twilio.world.main.lists.all().flatMap(({ sid }) => at.twilio.world.main.credentialsOf(sid).all()).filter(({ attributes }) => attributes['username'] === `${NUMBER}-office`);
    expect(user?.attributes['password']).toBe(shown.password);
    expect(JSON.stringify(at.under.events)).not.toContain(shown.password);
  });

  it('are given another password, and the one before on request', async () => {
    const first = await at.under.api.expect<SipUserView>('POST', at.path('tenants/oficina_principal/users/201/reveal'));
    const rotate = async (step: string): Promise<SipUserView> => {
      const { run: id, ...view } = await at.under.api.expect<SipUserView & { run?: string }>('POST', at.path('tenants/oficina_principal/users/201/rotate'), { step });
      if (id !== undefined) await eventually('it is in force', async () => (await at.under.api.expect<RunView>('GET', `/api/runs/${id}`)).state === 'whole');
      return view;
    };
    const inForce = async (): Promise<string | undefined> => (await at.under.api.expect<SipUserView>('POST', at.path('tenants/oficina_principal/users/201/reveal'))).password;
    const staged = await rotate('stage');
    expect(await inForce()).toBe(first.password);
    expect((await rotate('commit')).password).toBe(staged.password);
    expect(await inForce()).toBe(staged.password);
    await rotate('undo');
    expect(await inForce()).toBe(first.password);
    await at.under.seen(EndpointProvisionedV1, ({ data }) => data.username === `${NUMBER}-office` && data.credentialRevision === 3);
  });

  it('have their passwords under the new key after the key was changed, and need the old one no longer', async () => {
    const reveal = (): Promise<SipUserView> => at.under.api.expect<SipUserView>('POST', at.path('tenants/oficina_principal/users/201/reveal'));
    const before = await reveal();
    const next = randomBytes(32).toString('hex');
    const keys = async (): Promise<readonly string[]> => (await at.database.query<{ key: string }>('SELECT DISTINCT unnest(ARRAY[key_id, next_key_id, last_key_id]) AS key FROM sip_users')).map(({ key }) => key).filter((key) => key !== null);
    const [old] = await keys();
    await at.under.restart({ CREDENTIALS_KEY: `${next}\n${FIRST_KEY}` });
    // Who takes the old key away before has secrets that nobody can open.
    await eventually('all are sealed with the new key', async () => !(await keys()).includes(old ?? ''));
    await at.under.restart({ CREDENTIALS_KEY: next });
    const opened = await reveal();
    expect(opened.password).toBe(before.password);
    await at.under.restart({ CREDENTIALS_KEY: `${FIRST_KEY}\n${next}` });
  });

  it('that clash are refused whole, each fault by its place', async () => {
    const other = { ...OFFICE, tenant: 'other', numbers: [NUMBER], endpoints: [{ extension: '1', role: 'office', username: `${NUMBER}-office` }] };
    const third = { ...OFFICE, tenant: 'third', numbers: [{ have: 'buy', e164: '+56223456789' }] };
    expect(await at.under.api.send('POST', at.path('apply'), { declarations: [third, other] })).toMatchObject({
      status: 409,
      body: { code: 'declarations_clash', errors: [{ path: '/declarations/1/numbers/0' }, { path: '/declarations/1/endpoints/0' }] },
    });
    expect(await at.under.api.send('GET', at.path('tenants/third'))).toMatchObject({ status: 404, body: { code: 'tenant_not_declared' } });
  });

  it('leave in the safe order, and their number is kept', async () => {
    const view = await at.run('DELETE', 'tenants/oficina_principal');
    expect(view).toMatchObject({ state: 'whole' });
    expect(view.steps.map(({ key }) => key)).toEqual(['mapping:OFICINA_PRINCIPAL_Credentials/calls', 'mapping:OFICINA_PRINCIPAL_Credentials/registrations', 'list:OFICINA_PRINCIPAL_Credentials']);
    expect(await at.under.api.expect('GET', at.path('numbers'))).toMatchObject({ numbers: [{ e164: NUMBER, state: 'held' }] });
    expect(await at.under.api.send('GET', '/api/tenants/oficina_principal')).toMatchObject({ status: 404 });
    expect(await at.under.api.send('POST', at.path(`numbers/${NUMBER}/release`), { confirm: NUMBER })).toMatchObject({ status: 409, body: { code: 'number_on_hold' } });
    expect(at.twilio.world.main.numbers.size).toBe(1);
  });
});
