import { randomBytes } from 'node:crypto';
import { type DoctorView, type PlanView, type SipUserView, type TenantDeclarationInput, type VerifyView } from '@troncal/contracts';
import type { TwilioSimulator } from '@troncal/simulator-twilio';
import { eventually } from '@troncal/testing';
import type { Twilio } from 'twilio';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { AtTwilio, DOMAIN, FIRST_KEY, NUMBER, OFFICE } from '../../test/support/at-twilio.js';
import { TwilioAsks } from '../../test/support/twilio-asks.js';

type Account = TwilioSimulator['world']['main'];

const MOVED = '+56223456789';
const OWN_DOMAIN = 'communities-plaza.sip.twilio.com';
const PLAZA: TenantDeclarationInput = { ...OFFICE, tenant: 'PLAZA', name: 'Plaza', placement: 'subaccount', outbound: { countries: ['PE'] } };
const OTHER: TenantDeclarationInput = { ...OFFICE, tenant: 'OTHER', numbers: [], endpoints: [{ extension: '301', role: 'gate', username: 'other-gate' }], outbound: { countries: ['CL'] } };

describe('a tenant in a subaccount', () => {
  let at: AtTwilio;
  let parent: Twilio;
  beforeAll(async () => {
    at = await AtTwilio.start();
    parent = at.byHand();
  });
  afterAll(() => at.stop());

  const under = (): Account[] => at.twilio.world.under(at.twilio.world.main).filter(({ status }) => status !== 'closed');
  const own = (name = 'prod-plaza'): Account => {
    const [account, ...more] = under().filter(({ identity }) => identity.friendlyName === name);
    if (account === undefined || more.length > 0) throw new Error(`there are ${more.length + (account === undefined ? 0 : 1)} accounts ${name}`);
    return account;
  };
  const holds = (account: Account): object => ({
    domains: account.domains.all().map(({ attributes }) => attributes['domain_name']),
    lists: account.lists.all().map(({ attributes }) => attributes['friendly_name']),
    numbers: account.numbers.all().map(({ attributes }) => attributes['phone_number']),
    calls: ['CL', 'PE', 'US'].filter((country) => account.dialing.of(country).low),
  });
  const refusal = (declarations: readonly unknown[], environment = 'prod') => at.under.api.send('POST', at.path('plan', environment), { declarations });
  const idle = () => eventually('no run is under way', async () => (await at.under.api.expect<{ runs: { state: string }[] }>('GET', '/api/runs?environment=prod')).runs.every(({ state }) => state !== 'running'));
  const subaccounts = () => at.under.api.expect<{ subaccounts: object[] }>('GET', at.path('subaccounts'));

  it('is planned with what that means, and nothing is opened by it', async () => {
    const { steps, subaccounts: told } = await at.plan([PLAZA]);
    expect(steps[0]).toMatchObject({ key: 'plaza/account', tenant: 'plaza', says: expect.stringMatching(/opens the subaccount prod-plaza.*communities-plaza.*nobody moves out of it/) as string });
    expect(steps.map(({ key }) => key)).toEqual(expect.arrayContaining(['plaza/domain', 'plaza/list:PLAZA_Credentials', `plaza/number:${NUMBER}`, 'plaza/permissions']));
    expect(told).toEqual([{ tenant: 'plaza', name: 'prod-plaza', sid: null, domain: OWN_DOMAIN, state: 'wanted' }]);
    expect(under()).toEqual([]);
  });

  it('has all of its own there, and nothing in the platform’s account; the same again changes nothing', async () => {
    expect(await at.apply([PLAZA, OTHER])).toMatchObject({ state: 'whole', waiting: [] });
    expect(holds(own())).toEqual({ domains: [OWN_DOMAIN], lists: ['PLAZA_Credentials'], numbers: [NUMBER], calls: ['PE', 'US'] });
    expect(holds(at.twilio.world.main)).toEqual({ domains: [DOMAIN], lists: ['OTHER_Credentials'], numbers: [], calls: ['CL', 'US'] });
    expect(own().dialing.inherits).toBe(false);
    const { users } = await at.under.api.expect<{ users: SipUserView[] }>('GET', at.path('tenants/plaza/users'));
    expect(users.map(({ domain, state }) => [domain, state])).toEqual([[OWN_DOMAIN, 'provisioned'], [OWN_DOMAIN, 'provisioned']]);
    at.twilio.forget();
    expect(await at.apply([PLAZA, OTHER])).toMatchObject({ state: 'whole', steps: [] });
    expect(await at.plan([PLAZA])).toMatchObject({ steps: [], cost: { now: 7, change: 0 } });
    expect(at.changes()).toEqual([]);
  });

  it('keeps its token sealed', async () => {
    const rows = JSON.stringify(await at.database.query('SELECT sid, key_id, encode(sealed_token, \'escape\') AS token FROM subaccounts'));
    expect(rows).toContain(own().sid);
    expect(rows + JSON.stringify(at.under.events)).not.toContain(own().identity.authToken);
    expect(rows).not.toContain(Buffer.from(own().identity.authToken).toString('hex'));
  });

  it('has a number that it declares moved in from the platform’s account', async () => {
    await parent.incomingPhoneNumbers.create({ phoneNumber: MOVED });
    const wanted = { ...PLAZA, numbers: [...(PLAZA.numbers ?? []), MOVED] };
    expect((await at.plan([wanted])).steps).toMatchObject([{ key: `plaza/number:${MOVED}`, says: `moves ${MOVED} here out of ${at.twilio.accountSid}, and leads its calls here` }]);
    at.twilio.set({ faults: [{ method: 'POST', place: 'IncomingPhoneNumbers/', times: 1, does: { what: 'cut-after' } }] });
    expect(await at.apply([wanted])).toMatchObject({ state: 'whole' });
    expect(holds(own())).toMatchObject({ numbers: [NUMBER, MOVED] });
    expect(own().numbers.having('phone_number', MOVED)?.attributes['voice_url']).toBe('https://prod.example.com/twilio/voice/number');
    expect(at.twilio.world.main.numbers.size).toBe(0);
  });

  it('is never moved to one or out of one: that is refused, with what to do', async () => {
    const shared = { ...PLAZA, placement: 'dedicated' };
    expect(await refusal([shared])).toMatchObject({ status: 409, body: { code: 'declarations_clash', detail: expect.stringMatching(/register at communities-plaza.*numbers move/) as string } });
    expect(await refusal([{ ...OTHER, placement: 'subaccount' }])).toMatchObject({ status: 409, body: { code: 'declarations_clash', detail: expect.stringContaining(`register at ${DOMAIN}`) as string } });
    expect(await refusal([{ ...PLAZA, domain: 'elsewhere.sip.twilio.com' }])).toMatchObject({ status: 409, body: { detail: expect.stringContaining('leave that') as string } });
    expect(await refusal([{ ...OTHER, tenant: 'pla-za', placement: 'subaccount', domain: OWN_DOMAIN }])).toMatchObject({ status: 409, body: { detail: expect.stringContaining('somebody else’s') as string } });
    expect(await at.under.api.send('PUT', '/api/environments/prod', { domain: DOMAIN, publicUrl: 'https://prod.example.com', placement: 'subaccount' })).toMatchObject({ status: 409, body: { code: 'placement_is_fixed' } });
  });

  it('has its calls answered when its own account has signed, and no other', async () => {
    const asks = (token: string): TwilioAsks => new TwilioAsks(() => at.under.api.url, 'https://prod.example.com', token);
    const call = (account: string, to: string) => ({ CallSid: `CA${'1'.repeat(32)}`, AccountSid: account, From: '+56911112222', To: to, CallStatus: 'ringing', Direction: 'inbound' });
    const { sid, identity: { authToken } } = own();
    await eventually('the account’s token is known to who answers calls', async () => (await asks(authToken).post('/twilio/voice/number', call(sid, NUMBER))).verbs[0]?.name === 'Gather');
    expect((await asks(at.twilio.authToken).post('/twilio/voice/number', call(at.twilio.accountSid, NUMBER))).verbs[0]?.name).toBe('Reject');
    expect((await asks(at.twilio.authToken).post('/twilio/voice/number', call(sid, NUMBER))).verbs[0]?.name).toBe('Reject');
    expect(await asks(authToken).post('/twilio/voice/number', call(at.twilio.accountSid, NUMBER))).toMatchObject({ status: 403 });
  });

  it('is verified, rotated and looked at for drift in its own account', async () => {
    const { checks } = await at.under.api.expect<VerifyView>('GET', at.path('tenants/plaza/verify'));
    expect(checks.filter(({ check, state }) => state !== 'ok' && ['sip-user', 'calls-mapping', 'registrations-mapping', 'sip-domain', 'number'].includes(check))).toEqual([]);
    expect(checks.find(({ check }) => check === 'sip-domain')).toMatchObject({ about: OWN_DOMAIN, state: 'ok' });
    const rotated = await at.under.api.expect<{ password: string; run: string }>('POST', at.path('tenants/plaza/users/201/rotate'), {});
    expect(await at.ended(rotated.run)).toMatchObject({ state: 'whole' });
    const [list] = own().lists.all();
    expect(own().credentialsOf(list?.sid ?? '').having('username', `${NUMBER}-office`)?.attributes['password']).toBe(rotated.password);
    const theirs = at.byHand(own().identity);
    const [domain] = own().domains.all();
    await theirs.sip.domains(domain?.sid ?? '').auth.registrations.credentialListMappings(list?.sid ?? '').remove();
    // Somebody replaces its token at Twilio, which its parent tells.
    await theirs.accounts.v1.secondaryAuthToken().create();
    await theirs.accounts.v1.authTokenPromotion().update();
    expect(await at.under.api.expect('POST', at.path('drift'))).toMatchObject({ differences: [{ key: 'plaza/mapping:PLAZA_Credentials/registrations', tenant: 'plaza' }] });
    expect(await at.run('POST', 'repair')).toMatchObject({ state: 'whole' });
    expect(await at.under.api.expect('POST', at.path('drift'))).toMatchObject({ differences: [] });
  });

  it('has its phones probed by calls of its own account, and what Twilio complains of there is its tenant’s', async () => {
    at.twilio.set({ voice: { callees: [{ number: `sip:${NUMBER}-office@${OWN_DOMAIN}`, does: { what: 'answer', afterMs: 60_000 } }] } });
    const { checks } = await at.under.api.expect<VerifyView>('POST', at.path('tenants/plaza/verify'), { probe: true });
    expect(checks.filter(({ check }) => check === 'probe')).toMatchObject([{ about: `${NUMBER}-office`, state: 'ok' }, { about: `${NUMBER}-security`, state: 'wrong' }]);
    const called = async (account: Twilio): Promise<string[]> => (await account.calls.list()).map(({ to }) => to.replace(/^sip:/, '')).toSorted();
    expect(await called(at.byHand(own().identity))).toEqual([`${NUMBER}-office@${OWN_DOMAIN}`, `${NUMBER}-security@${OWN_DOMAIN}`]);
    expect(await called(parent)).toEqual([]);
    const { findings } = await at.under.api.expect<DoctorView>('GET', at.path('tenants/plaza/doctor'));
    expect(findings).toMatchObject([{ trouble: 'not-registered', tenant: 'plaza', found: expect.stringContaining('32009') as string }]);
  });

  it('is suspended with it, unless emergency calls leave by it, and put to work again', async () => {
    const suspend = (suspended: object | null, code = 'plaza') => at.under.api.expect('PATCH', `/api/tenants/${code}`, { suspended });
    await at.apply([{ ...OTHER, tenant: 'us', country: 'US', timeZone: 'America/New_York', placement: 'subaccount', endpoints: [], outbound: { countries: [] } }]);
    await suspend({ reason: 'unpaid' }, 'us');
    await suspend({ reason: 'unpaid' });
    await eventually('it is suspended', () => own().status === 'suspended');
    await idle();
    expect(own('prod-us').status).toBe('active');
    expect(await at.apply([PLAZA])).toMatchObject({ state: 'whole', steps: [] });
    await suspend(null);
    await eventually('it is at work', () => own().status === 'active');
  });

  it('has a token that does not open read anew at Twilio, and it keeps no other from being sealed with a new key', async () => {
    const keys = async () => new Map((await at.database.query<{ tenant: string; key: string }>('SELECT tenant, key_id AS key FROM subaccounts')).map(({ tenant, key }) => [tenant, key]));
    const before = await keys();
    await at.database.run("UPDATE subaccounts SET sealed_token = set_byte(sealed_token, 0, 255 - get_byte(sealed_token, 0)) WHERE tenant = 'plaza'");
    await at.under.restart({ CREDENTIALS_KEY: `${randomBytes(32).toString('hex')}\n${FIRST_KEY}` });
    await eventually('the other is sealed with the new key', async () => (await keys()).get('us') !== before.get('us'));
    expect((await keys()).get('plaza')).toBe(before.get('plaza'));
    await idle();
    expect(await at.run('POST', 'repair')).toMatchObject({ state: 'whole', steps: [] });
    const after = await keys();
    expect(after.get('plaza')).toBe(after.get('us'));
  });

  it('leaves it behind when it is deleted, which is closed by name once its numbers are gone', async () => {
    const close = (confirm = 'prod-plaza') => at.under.api.send('POST', at.path('subaccounts/plaza/close'), { confirm });
    expect(await close()).toMatchObject({ status: 409, body: { code: 'subaccount_in_use' } });
    await idle();
    expect(await at.run('DELETE', 'tenants/plaza')).toMatchObject({ state: 'whole' });
    expect(holds(own())).toMatchObject({ lists: [], numbers: [NUMBER, MOVED] });
    expect((await subaccounts()).subaccounts).toContainEqual(expect.objectContaining({ tenant: 'plaza', state: 'held' }));
    expect(await close()).toMatchObject({ status: 409, body: { code: 'subaccount_not_empty', detail: expect.stringContaining(`${NUMBER} (held until 20`) as string } });
    await at.database.run("UPDATE twilio_numbers SET releasable_at = now() WHERE state = 'held'");
    for (const e164 of [NUMBER, MOVED]) expect(await at.run('POST', `numbers/${e164}/release`, { confirm: e164 })).toMatchObject({ state: 'whole', steps: [{ key: `plaza/number:${e164}`, state: 'done' }] });
    expect(await close('plaza')).toMatchObject({ status: 409, body: { code: 'not_confirmed' } });
    // A number that nobody here knows of is not lost with it.
    const theirs = at.byHand(own().identity);
    const { sid: unknown } = await theirs.incomingPhoneNumbers.create({ phoneNumber: '+56234567890' });
    expect(await at.run('POST', 'subaccounts/plaza/close', { confirm: 'prod-plaza' })).toMatchObject({ state: 'failed', fault: expect.stringContaining('+56234567890') as string });
    await parent.api.v2010.accounts(own().sid).incomingPhoneNumbers(unknown).update({ accountSid: at.twilio.accountSid });
    expect(await at.run('POST', 'subaccounts/plaza/close', { confirm: 'prod-plaza' })).toMatchObject({ state: 'whole' });
    expect(under().map(({ identity }) => identity.friendlyName)).toEqual(['prod-us']);
    expect((await subaccounts()).subaccounts).toHaveLength(1);
  });

  it('is opened once, though the answer is lost and reads run behind', async () => {
    const late = { ...OTHER, tenant: 'late', endpoints: [], outbound: { countries: [] }, placement: 'subaccount' as const };
    at.twilio.set({ hiddenMs: 400, faults: [{ method: 'POST', place: 'Accounts\\.json', times: 1, does: { what: 'cut-after' } }] });
    const { state, steps } = await at.apply([late]);
    at.twilio.set({ hiddenMs: 0, faults: [] });
    expect({ state, faults: steps.map(({ fault }) => fault) }).toEqual({ state: 'whole', faults: [null, null, null] });
    expect(own('prod-late').domains.size).toBe(1);
  });

  it('is refused one of a name that somebody else has, who keeps it', async () => {
    await parent.api.v2010.accounts.create({ friendlyName: 'prod-taken' });
    const view = await at.apply([{ ...OTHER, tenant: 'taken', endpoints: [], outbound: { countries: [] }, placement: 'subaccount' }]);
    expect(view).toMatchObject({ state: 'partial', steps: [{ key: 'taken/account', state: 'failed', fault: expect.stringContaining('that we have not opened') as string }, { state: 'skipped' }, { state: 'skipped' }] });
    expect(own('prod-taken').domains.size).toBe(0);
    expect(await at.run('DELETE', 'tenants/taken')).toMatchObject({ state: 'whole', steps: [] });
    expect((await subaccounts()).subaccounts).not.toContainEqual(expect.objectContaining({ tenant: 'taken' }));
  });

  it('that was made by hand is taken over with its subaccount, and the first plan is empty', async () => {
    const { sid, authToken } = await parent.api.v2010.accounts.create({ friendlyName: 'prod-hand' });
    const theirs = at.byHand({ sid, authToken });
    const domain = await theirs.sip.domains.create({ domainName: 'by-hand.sip.twilio.com', sipRegistration: true });
    const list = await theirs.sip.credentialLists.create({ friendlyName: 'HAND_Credentials' });
    await theirs.sip.credentialLists(list.sid).credentials.create({ username: 'hand', password: 'Theirs2025Hand' });
    await theirs.sip.domains(domain.sid).auth.calls.credentialListMappings.create({ credentialListSid: list.sid });
    const { tenants } = await at.under.api.expect<{ tenants: TenantDeclarationInput[] }>('POST', at.path('import'), { write: true });
    expect(tenants).toMatchObject([{ tenant: 'hand', placement: 'subaccount', domain: 'by-hand.sip.twilio.com' }]);
    at.twilio.forget();
    expect(((await at.plan(tenants)) satisfies PlanView).steps).toEqual([]);
    expect((await at.run('POST', 'tenants/hand/cut-over', {})).steps.map(({ key }) => key)).toEqual(['hand/domain', 'hand/mapping:HAND_Credentials/registrations', 'hand/permissions']);
    expect(await at.run('POST', 'tenants/hand/cut-over', { back: true })).toMatchObject({ state: 'whole' });
    expect(at.twilio.world.account(sid)?.domains.all()[0]?.attributes).toMatchObject({ voice_url: null });
  });
});
