import type { CheckView, DoctorView, VerifyView } from '@troncal/contracts';
import { eventually } from '@troncal/testing';
import type { Twilio } from 'twilio';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { AtTwilio, DOMAIN, NUMBER, OFFICE } from '../../test/support/at-twilio.js';

const CODE = 'oficina_principal';
const LIST = 'OFICINA_PRINCIPAL_Credentials';
const NOBODYS = 'https://prod.invalid';

describe('seeing that it works', () => {
  let at: AtTwilio;
  let byHand: Twilio;
  beforeAll(async () => {
    at = await AtTwilio.start();
    byHand = at.byHand();
    await at.environment('prod', DOMAIN, { publicUrl: NOBODYS });
    at.twilio.set({ voice: { publicUrls: [{ from: NOBODYS, to: at.under.api.url }] } });
    await at.apply([OFFICE]);
  });
  afterAll(() => at?.stop());

  const verify = (): Promise<VerifyView> => at.under.api.expect<VerifyView>('GET', at.path(`tenants/${CODE}/verify`));
  const probe = (): Promise<VerifyView> => at.under.api.expect<VerifyView>('POST', at.path(`tenants/${CODE}/verify`), { probe: true });
  const doctor = (of = `tenants/${CODE}/`): Promise<DoctorView> => at.under.api.expect<DoctorView>('GET', at.path(`${of}doctor`));
  const wrong = ({ checks }: VerifyView): string[] => checks.filter(({ state }) => state === 'wrong').map(({ check, about }) => `${check} ${about}`);
  const of = ({ checks }: VerifyView, name: CheckView['check']): CheckView[] => checks.filter(({ check }) => check === name);
  const list = async () => (await byHand.sip.credentialLists.list()).find(({ friendlyName }) => friendlyName === LIST)!;

  it('finds nothing wrong after an apply, changes nothing, and says what nobody can know', async () => {
    // The directory follows the declarations by itself.
    const view = await eventually('its number is answered for', async () => {
      const seen = await verify();
      return of(seen, 'route-known')[0]?.state === 'ok' && seen;
    });
    expect(wrong(view)).toEqual([]);
    expect(of(view, 'sip-user')).toMatchObject([{ about: `201 ${NUMBER}-office`, state: 'ok' }, { about: `202 ${NUMBER}-security`, state: 'ok' }]);
    expect(of(view, 'voice-url')).toMatchObject([{ state: 'unknown', says: expect.stringContaining('nobody’s') as string }, { state: 'unknown' }]);
    expect(of(view, 'last-registration')).toMatchObject([{ state: 'unknown', inferredFrom: expect.stringContaining('Twilio lists no registrations') as string }, { state: 'unknown' }]);
    expect(of(view, 'last-good-call')).toMatchObject([{ state: 'unknown' }]);
    expect(await doctor()).toMatchObject({ findings: [], looked: [{ trouble: 'not-registered' }, { trouble: 'codec-refused' }, { trouble: 'menu-silent' }, { trouble: 'one-way-audio' }, { trouble: 'other' }] });
    at.twilio.forget();
    await verify();
    expect(at.changes()).toEqual([]);
  });

  it('asks the voice URLs as Twilio does, and makes no call of it', async () => {
    await at.under.restart({ PUBLIC_URL: at.under.api.url });
    const view = await eventually('the directory knows the environment', async () => {
      const seen = await verify();
      return of(seen, 'voice-url').every(({ state }) => state === 'ok') && seen;
    });
    expect(of(view, 'voice-url').map(({ about }) => about)).toEqual([`${NOBODYS}/twilio/voice/number`, `${NOBODYS}/twilio/voice/phone`]);
    expect(of(view, 'last-good-call')).toMatchObject([{ state: 'unknown' }]);
    expect(at.under.events.filter(({ envelope }) => envelope.type.startsWith('Call'))).toEqual([]);
    await at.under.restart({ PUBLIC_URL: at.twilio.url });
    expect(of(await verify(), 'voice-url')).toMatchObject([{ state: 'wrong', remedy: expect.any(String) as string }, { state: 'wrong' }]);
    await at.under.restart({ PUBLIC_URL: at.under.api.url });
  });

  it('names a phone that was not registered when it was dialled, with cause and cure, and of whom it is known', async () => {
    at.twilio.voice.call({ from: '+56911112222', to: NUMBER, script: [{ untilSaid: 'oficina' }, { press: '1' }] });
    // What webhooks tell is written down behind their answer.
    const view = await eventually('it was answered, and both were dialled in vain', async () => {
      const seen = await verify();
      return of(seen, 'last-registration').every(({ state }) => state === 'wrong') && of(seen, 'last-good-call')[0]?.state === 'ok' && seen;
    }, 20_000);
    expect(wrong(view)).toEqual([`last-registration 201 ${NUMBER}-office`, `last-registration 202 ${NUMBER}-security`]);
    const { findings } = await doctor('');
    expect(findings).toMatchObject([{ trouble: 'not-registered', tenant: CODE, found: expect.stringContaining('Twilio’s 32009, 2 times') as string, cause: 'A phone was dialled that is not registered.', cure: expect.stringContaining('troncal sheets issue') as string }]);
  });

  it('probes on request alone, and gives up when the phone rings', async () => {
    at.twilio.set({ voice: { callees: [{ number: `sip:${NUMBER}-office@${DOMAIN}`, does: { what: 'answer', afterMs: 60_000 } }] } });
    const view = await probe();
    expect(of(view, 'probe')).toMatchObject([{ about: `${NUMBER}-office`, state: 'ok', says: 'It rang, and the call was given up.' }, { about: `${NUMBER}-security`, state: 'wrong' }]);
    // Ended by us: left alone it would ring for five seconds and end with no-answer.
    expect(at.twilio.voice.calls().findLast(({ to }) => to.includes('-office'))?.status).toBe('completed');
    expect(at.twilio.voice.calls().filter(({ status }) => ['queued', 'initiated', 'ringing', 'in-progress'].includes(status))).toEqual([]);
    expect(await at.under.api.send('POST', at.path(`tenants/${CODE}/verify`), {})).toMatchObject({ status: 422 });
  });

  it('names what was broken by hand, and nothing else', async () => {
    const before = wrong(await verify());
    const { sid } = await list();
    const users = await byHand.sip.credentialLists(sid).credentials.list();
    await users.find(({ username }) => username.endsWith('-security'))?.remove();
    const [domain] = await byHand.sip.domains.list();
    await byHand.sip.domains(domain?.sid ?? '').auth.registrations.credentialListMappings(sid).remove();
    const [number] = await byHand.incomingPhoneNumbers.list({ phoneNumber: NUMBER });
    await number?.update({ voiceUrl: 'https://handler.twilio.com/twiml/EH0' });

    const view = await verify();
    expect(wrong(view).filter((each) => !before.includes(each))).toEqual([`sip-user 202 ${NUMBER}-security`, `registrations-mapping ${LIST}`, `number ${NUMBER}`]);
    expect(of(view, 'calls-mapping')).toMatchObject([{ state: 'ok' }]);
    const troubles = (await doctor()).findings.map(({ trouble, found }) => `${trouble}: ${found}`);
    expect(troubles).toEqual(expect.arrayContaining([`not-registered: sip-user 202 ${NUMBER}-security`, `not-registered: registrations-mapping ${LIST}`, `menu-silent: number ${NUMBER}`]));
    await at.run('POST', 'repair');
    expect(wrong(await verify())).toEqual(before);
  });

  it('is refused to who asks for what is not declared', async () => {
    expect(await at.under.api.send('GET', at.path('tenants/nobody/verify'))).toMatchObject({ status: 404, body: { code: 'tenant_not_declared' } });
    expect(await at.under.api.send('GET', at.path('doctor', 'none'))).toMatchObject({ status: 404, body: { code: 'unknown_environment' } });
  });
});
