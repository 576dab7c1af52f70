import { describe, expect, it } from 'vitest';
import { healthOf, LIST, NOW, OFFICE_USER, TENANT } from '../../test/support/tenant-health-of.js';
import type { DeviceSight } from '../devices/plan-devices.js';
import { judgeTenant, mentions } from './judge-tenant.js';
import type { TenantHealth } from './tenant-health.js';

const HOUR_MS = 3_600_000;
const ago = (ms: number): Date => new Date(NOW.getTime() - ms);
const { observed, phones: [office], numbers: [number] } = healthOf();
const withUsers = (usernames: readonly string[]): TenantHealth['observed'] => ({ ...observed, lists: observed.lists.map((list) => ({ ...list, users: usernames.map((username) => ({ sid: 'CR', username })) })) });
const withList = (change: object): TenantHealth['observed'] => ({ ...observed, lists: observed.lists.map((list) => ({ ...list, ...change })) });
const withNumber = (change: object): TenantHealth['observed'] => ({ ...observed, numbers: observed.numbers.map((one) => ({ ...one, ...change })) });
const withDomain = (change: object): TenantHealth['observed'] => ({ ...observed, domain: observed.domain && { ...observed.domain, ...change } });
const withPhone = (change: object): TenantHealth['phones'] => [{ ...office!, ...change }];
const SEEN_WELL: DeviceSight = {
  device: { mac: '00:0b:82:11:22:33', model: 'GRP2612', serial: undefined, lines: [{ extension: '201', username: OFFICE_USER }] },
  found: { mac: '00:0b:82:11:22:33', model: 'GRP2612', standing: 'online', lastSeen: null, site: { id: 1, name: 'Default' } },
  accounts: [{ username: OFFICE_USER, server: '', registration: 'registered' }],
};
/** Of a phone that calls have not shown to work of late, unless told otherwise. */
const withDevice = (change: Partial<DeviceSight>, seenAt?: Date): TenantHealth['phones'] => withPhone({ seenAt, device: { ...SEEN_WELL, ...change } });
const standing = (is: 'offline' | 'abnormal' | 'unknown'): Partial<DeviceSight> => ({ found: { mac: '00:0b:82:11:22:33', model: null, standing: is, lastSeen: '2026-11-29 10:00:00', site: { id: 1, name: 'Default' } } });
const alert = (code: string, level: 'error' | 'warning', at: Date, text = `of ${OFFICE_USER}`): TenantHealth['alerts'][number] => ({ code, level, at, text: 'Something', about: text, tenant: TENANT });

describe('a tenant’s telephones', () => {
  it('are well when everything is as declared and was seen to work', () => {
    const checks = judgeTenant(healthOf());
    expect(checks.filter(({ state }) => state !== 'ok')).toEqual([]);
    expect(checks.map(({ check }) => check)).toEqual([
      'sip-user', 'calls-mapping', 'registrations-mapping', 'sip-domain', 'number', 'route-known', 'voice-url', 'codecs', 'last-registration', 'last-good-call', 'errors-of-the-day',
    ]);
  });

  it.each<[string, Partial<TenantHealth>, string, 'wrong' | 'unknown', RegExp]>([
    ['a user that is gone', { observed: withUsers([]) }, 'sip-user', 'wrong', /no user of this name/],
    ['a user of nearly that name', { observed: withUsers([OFFICE_USER.slice(1)]) }, 'sip-user', 'wrong', /no user of this name/],
    ['a list that is gone', { observed: { ...observed, lists: [] } }, 'sip-user', 'wrong', /is not at Twilio/],
    ['a password that may not be ours', { phones: withPhone({ password: 'not-sent' }) }, 'sip-user', 'unknown', /not certain/],
    ['a list that may not call', { observed: withList({ calls: false }) }, 'calls-mapping', 'wrong', /32201/],
    ['a list that may not register', { observed: withList({ registers: false }) }, 'registrations-mapping', 'wrong', /32212/],
    ['a domain that is gone', { observed: { ...observed, domain: undefined } }, 'sip-domain', 'wrong', /no such SIP domain/],
    ['registration that is off', { observed: withDomain({ sipRegistration: false }) }, 'sip-domain', 'wrong', /32210/],
    ['a domain without a voice URL', { observed: withDomain({ voiceUrl: null }) }, 'sip-domain', 'wrong', /no voice URL/],
    ['a domain that points elsewhere', { observed: withDomain({ voiceUrl: 'https://elsewhere.example/' }) }, 'sip-domain', 'wrong', /elsewhere/],
    ['a domain that demands TLS', { observed: withDomain({ secure: true }) }, 'sip-domain', 'wrong', /demands TLS/],
    ['a number that is gone', { observed: { ...observed, numbers: [] } }, 'number', 'wrong', /not in this account/],
    ['a number that points elsewhere', { observed: withNumber({ voiceUrl: 'https://elsewhere.example/' }) }, 'number', 'wrong', /elsewhere/],
    ['a number without a voice URL', { observed: withNumber({ voiceUrl: null }) }, 'number', 'wrong', /dropped/],
    ['a number that an application answers', { observed: withNumber({ answeredBy: 'application' }) }, 'number', 'wrong', /application/],
    ['a number that a trunk answers', { observed: withNumber({ answeredBy: 'trunk' }) }, 'number', 'wrong', /trunk/],
    ['a number that is waited for', { numbers: [{ ...number!, waiting: { why: 'A bundle is reviewed.', who: 'Twilio' } }] }, 'number', 'unknown', /bundle/],
    ['a number that was taken over', { asFound: true }, 'number', 'unknown', /as it was found/],
    ['a number that nobody answers for', { numbers: [{ ...number!, answeredFor: undefined }] }, 'route-known', 'wrong', /refused/],
    ['a number that is answered for another', { numbers: [{ ...number!, answeredFor: 'other' }] }, 'route-known', 'wrong', /other’s/],
    ['a tenant that is suspended', { suspended: true }, 'route-known', 'wrong', /suspended/],
    ['a voice URL that fails', { voiceUrls: [{ url: 'https://x.example/', outcome: 'failed', says: 'It answers with status 502.' }] }, 'voice-url', 'wrong', /502/],
    ['a voice URL that wasn’t asked', { voiceUrls: [{ url: 'https://x.invalid/', outcome: 'not-asked', says: 'Not asked.' }] }, 'voice-url', 'unknown', /Not asked/],
    ['a codec that Twilio does not take', { codecs: ['PCMU', 'PCMA', 'G722'] }, 'codecs', 'wrong', /have G722/],
    ['a codec that is missing', { codecs: ['PCMU'] }, 'codecs', 'wrong', /lack PCMA/],
    ['a phone that was never seen', { phones: withPhone({ seenAt: undefined }) }, 'last-registration', 'unknown', /never seen/],
    ['a phone that was seen long ago', { phones: withPhone({ seenAt: ago(8 * 24 * HOUR_MS) }) }, 'last-registration', 'unknown', /too long ago/],
    ['a phone that was dialled in vain since', { phones: withPhone({ unreachableAt: ago(HOUR_MS / 2) }) }, 'last-registration', 'wrong', /in vain/],
    ['a phone that Twilio says is not registered', { alerts: [alert('32009', 'warning', ago(1_000))] }, 'last-registration', 'wrong', /in vain/],
    ['a leg to a phone that ended with 480', { failures: [{ tenant: TENANT, target: '201', sipCode: 480, times: 1, last: ago(1_000) }] }, 'last-registration', 'wrong', /in vain/],
    ['a phone whose password is refused', { alerts: [alert('32202', 'error', ago(1_000))] }, 'last-registration', 'wrong', /password was refused/],
    ['a telephone that GDMS has not', { phones: withDevice({ found: 'absent', accounts: [] }) }, 'device', 'wrong', /does not show it/],
    ['a telephone that GDMS has offline', { phones: withDevice(standing('offline')) }, 'device', 'wrong', /last seen 2026-11-29 10:00:00/],
    ['a telephone that GDMS has offline and that called a moment ago', { phones: withDevice(standing('offline'), ago(60_000)) }, 'device', 'unknown', /Yet it rang or called/],
    ['a telephone in a state that is not known here', { phones: withDevice(standing('unknown')) }, 'device', 'unknown', /not known here/],
    ['a telephone that no account is bound to', { phones: withDevice({ accounts: [] }) }, 'device', 'wrong', /no SIP account is bound/],
    ['a telephone whose account does not register', { phones: withDevice({ accounts: [{ username: OFFICE_USER, server: '', registration: 'unregistered' }] }) }, 'device', 'wrong', /not registered/],
    ['a telephone that GDMS was not asked about', { phones: withDevice({ found: { notAsked: 'GDMS took longer than 12000 ms.' } }) }, 'device', 'unknown', /longer/],
    ['no good call', { lastGoodCall: undefined }, 'last-good-call', 'unknown', /No answered call/],
    ['no good call of late', { lastGoodCall: ago(30 * 24 * HOUR_MS) }, 'last-good-call', 'unknown', /was answered/],
    ['errors of the day', { alerts: [alert('11200', 'error', ago(1_000)), alert('11200', 'error', ago(2_000))] }, 'errors-of-the-day', 'wrong', /2 × 11200/],
    ['a probe in vain', { probes: [{ username: OFFICE_USER, outcome: 'unreachable', says: 'Not registered.' }] }, 'probe', 'wrong', /Not registered/],
    ['a probe that tells nothing', { probes: [{ username: OFFICE_USER, outcome: 'silent', says: 'It did not ring.' }] }, 'probe', 'unknown', /did not ring/],
  ])('tell of %s', (_, change, check, state, says) => {
    const checks = judgeTenant(healthOf(change));
    expect(checks.find((one) => one.check === check)).toMatchObject({ state, says: expect.stringMatching(says) as string });
    expect(checks.filter((one) => one.state === 'wrong' && one.remedy === undefined)).toEqual([]);
  });

  it.each<[string, Partial<TenantHealth>, string]>([
    ['a phone that rang after it was dialled in vain', { phones: withPhone({ unreachableAt: ago(2 * HOUR_MS) }), alerts: [alert('32009', 'warning', ago(2 * HOUR_MS))] }, 'last-registration'],
    ['another phone’s error', { alerts: [alert('32009', 'warning', ago(1_000), `sip:${OFFICE_USER}2@x.sip.twilio.com`)] }, 'last-registration'],
    ['warnings alone', { alerts: [alert('13227', 'warning', ago(1_000))] }, 'errors-of-the-day'],
    ['a user that was taken over', { phones: withPhone({ password: 'found' }) }, 'sip-user'],
    ['a telephone that GDMS sees registered', { phones: withDevice({}) }, 'device'],
    ['a probe that rang', { probes: [{ username: OFFICE_USER, outcome: 'rang', says: 'It rang.' }] }, 'probe'],
  ])('are not blamed for %s', (_, change, check) => {
    expect(judgeTenant(healthOf(change)).find((one) => one.check === check)).toMatchObject({ state: 'ok' });
  });

  it('say what is inferred, and from what', () => {
    const inferred = judgeTenant(healthOf()).filter(({ inferredFrom }) => inferredFrom !== undefined).map(({ check }) => check);
    expect(inferred).toEqual(['codecs', 'last-registration', 'last-good-call', 'errors-of-the-day']);
  });
});

describe('a name in a text', () => {
  it.each([
    ['sip:+56229145248-office@x', '+56229145248-office', true],
    ['calls +56229145248.', '+56229145248', true],
    ['sip:+56229145248-office@x', '+56229145248', false],
    ['+562291452481', '+56229145248', false],
    ['sip:+56229145248-office2@x', '+56229145248-office', false],
    ['', LIST, false],
  ])('%j: %s %s', (text, name, is) => expect(mentions(text, name)).toBe(is));
});
