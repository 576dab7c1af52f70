import type { Twilio } from 'twilio';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { AtTwilio, DOMAIN, NUMBER } from '../../test/support/at-twilio.js';

const BIN = 'https://handler.twilio.com/twiml/EH0123456789abcdef0123456789abcdef';

/** As the owner's document has it done in the Console: no registration mapping, a TwiML Bin, no voice URL at the domain. */
async function makeByHand(account: Twilio): Promise<void> {
  const domain = await account.sip.domains.create({ domainName: DOMAIN, friendlyName: 'Communities Platform', sipRegistration: true });
  const list = await account.sip.credentialLists.create({ friendlyName: 'PLAZA_NORTE_Credentials' });
  for (const role of ['office', 'security']) await account.sip.credentialLists(list.sid).credentials.create({ username: `${NUMBER}-${role}`, password: 'Theirs2025Norte' });
  await account.sip.domains(domain.sid).auth.calls.credentialListMappings.create({ credentialListSid: list.sid });
  await account.incomingPhoneNumbers.create({ phoneNumber: NUMBER, friendlyName: 'Plaza Norte', voiceUrl: BIN });
  await account.sip.credentialLists.create({ friendlyName: 'somebody else' });
}

describe('an account that was made by hand', () => {
  let at: AtTwilio;
  let account: Twilio;
  beforeAll(async () => {
    at = await AtTwilio.start();
    account = at.byHand();
    await makeByHand(account);
    at.twilio.forget();
  });
  afterAll(() => at.stop());

  const numberUrl = async (): Promise<string | undefined> => (await account.incomingPhoneNumbers.list({ phoneNumber: NUMBER }))[0]?.voiceUrl;

  it('is shown first, with what can’t be taken over', async () => {
    const shown = await at.under.api.expect('POST', at.path('import'), {});
    expect(shown).toMatchObject({
      written: false,
      tenants: [{ tenant: 'plaza_norte', name: 'Plaza Norte', country: 'CL', numbers: [{ have: 'owned', e164: NUMBER }], endpoints: [{ extension: '201', role: 'office', username: `${NUMBER}-office` }, { extension: '202', role: 'security' }] }],
      leftOut: [{ what: 'credential list somebody else' }],
    });
    expect(await at.under.api.expect('GET', at.path('tenants'))).toEqual({ tenants: [] });
  });

  it('is taken over without a change, and the first plan is empty', async () => {
    const { tenants } = await at.under.api.expect<{ tenants: unknown[] }>('POST', at.path('import'), { write: true });
    expect((await at.plan(tenants)).steps).toEqual([]);
    expect(await at.run('POST', 'repair')).toMatchObject({ state: 'whole', steps: [] });
    expect(at.changes()).toEqual([]);
    expect(await at.under.api.expect('GET', at.path('tenants/plaza_norte'))).toMatchObject({ legacy: true, users: [{ state: 'legacy' }, { state: 'legacy' }] });
    expect(await at.under.api.send('POST', at.path('tenants/plaza_norte/users/201/reveal'))).toMatchObject({ status: 409, body: { code: 'password_unknown' } });
  });

  it('is cut over tenant by tenant, and back', async () => {
    expect((await at.run('POST', 'tenants/plaza_norte/cut-over', {})).steps.map(({ says }) => says)).toEqual([
      'lets the users of PLAZA_NORTE_Credentials register',
      `changes ${NUMBER}: where its calls are answered, where they are answered when that fails, where their end is told`,
    ]);
    expect(await numberUrl()).toBe('https://prod.example.com/twilio/voice/number');
    expect(await at.run('POST', 'tenants/plaza_norte/cut-over', { back: true })).toMatchObject({ state: 'whole' });
    expect(await numberUrl()).toBe(BIN);
  });

  it('has its SIP domain cut over by itself, and back', async () => {
    const [domain] = at.twilio.world.main.domains.all();
    await at.run('POST', 'cut-over', {});
    expect(domain?.attributes).toMatchObject({ voice_url: 'https://prod.example.com/twilio/voice/phone' });
    await at.run('POST', 'cut-over', { back: true });
    expect(domain?.attributes).toMatchObject({ voice_url: null, friendly_name: 'Communities Platform' });
  });

  it('gives a phone its first password of ours when it is rotated', async () => {
    const rotated = await at.under.api.expect<{ password: string; run: string }>('POST', at.path('tenants/plaza_norte/users/201/rotate'), {});
    expect(await at.ended(rotated.run)).toMatchObject({ state: 'whole' });
    const [list] = at.twilio.world.main.lists.all();
    expect(at.twilio.world.main.credentialsOf(list?.sid ?? '').having('username', `${NUMBER}-office`)?.attributes['password']).toBe(rotated.password);
  });
});
