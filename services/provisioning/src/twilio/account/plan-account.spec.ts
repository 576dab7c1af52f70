import { describe, expect, it } from 'vitest';
import type { DesiredAccount, DesiredNumber, VoiceSettings } from './desired-account.js';
import type { ObservedAccount } from './observed-account.js';
import { planAccount, WAYS } from './plan-account.js';
import { planSubaccount, type SubaccountStanding } from './plan-subaccount.js';

const voice: VoiceSettings = { friendlyName: 'Troncal', voiceUrl: 'https://voice.example/v', voiceFallbackUrl: null, statusCallback: 'https://voice.example/s' };
const number: DesiredNumber = { ...voice, e164: '+56229145248', bundleSid: null, addressSid: null, whenMissing: 'buy' };
const desired: DesiredAccount = {
  domain: { ...voice, name: 'troncal.sip.twilio.com', secure: false },
  lists: [{ name: 'PLAZA_Credentials', usernames: ['office', 'security'], unsure: [], ways: WAYS }],
  numbers: [number],
  permissions: { countries: ['CL'], exact: false },
  gone: { lists: [], numbers: [] },
};
const [permitted, closed] = [{ lowRisk: true, highRisk: false }, { lowRisk: false, highRisk: false }];
const permissions = new Map([['CL', permitted], ['PE', closed], ['US', permitted]]);
const empty: ObservedAccount = { domain: undefined, lists: [], numbers: [], permissions, counts: { domains: 0, lists: 0 } };
const whole: ObservedAccount = {
  domain: { ...voice, sid: 'SD1', name: 'troncal.sip.twilio.com', secure: false, sipRegistration: true },
  lists: [{ sid: 'CL1', name: 'PLAZA_Credentials', users: [{ sid: 'CR1', username: 'office' }, { sid: 'CR2', username: 'security' }], calls: true, registers: true }],
  numbers: [{ ...voice, sid: 'PN1', e164: '+56229145248', answeredBy: 'url' }],
  permissions,
  counts: { domains: 1, lists: 1 },
};
const [list] = whole.lists;
const keys = (wanted: DesiredAccount, there: ObservedAccount): string[] => planAccount(wanted, there).steps.map(({ key, action }) => `${action.do} ${key}`);

describe('the plan of an account', () => {
  it('is empty when all is as it has to be', () => {
    expect(planAccount(desired, whole)).toEqual({ steps: [], waiting: [] });
  });

  it('moves a number that another account of ours has, rather than to buy or wait for it', () => {
    const elsewhere = new Map([[number.e164, { account: 'AC1', sid: 'PN9' }]]);
    for (const whenMissing of ['buy', { why: 'it is not here', who: 'you' }] as const) {
      expect(planAccount({ ...desired, numbers: [{ ...number, whenMissing }] }, { ...whole, numbers: [], elsewhere })).toMatchObject({ steps: [{ key: `number:${number.e164}`, action: { do: 'move-number', from: 'AC1', sid: 'PN9' } }], waiting: [] });
    }
  });

  it('of a subaccount opens it first, and changes nothing in one that is or will be suspended', () => {
    const { steps } = planAccount(desired, empty);
    const of = (there: SubaccountStanding['there'], wanted: SubaccountStanding['wanted']): string[] => planSubaccount({ name: 'prod-plaza', domain: 'x', there, wanted }, steps).map(({ key, after }) => `${key}${after.includes('account') ? ' after' : ''}`);
    const [all, sid] = [steps.map(({ key }) => key), 'AC1'];
    expect(of('absent', 'active')).toEqual(['account', ...all.map((key) => `${key} after`)]);
    expect(of({ sid, status: 'active' }, 'active')).toEqual(all);
    expect(of({ sid, status: 'suspended' }, 'active')).toEqual(['account', ...all.map((key) => `${key} after`)]);
    expect(of({ sid, status: 'active' }, 'suspended')).toEqual(['account']);
    expect([of({ sid, status: 'suspended' }, 'suspended'), of({ sid, status: 'suspended' }, undefined), of('absent', 'suspended'), of('absent', undefined)]).toEqual([[], [], [], []]);
  });

  it('makes all of an empty account, in two rounds', () => {
    const { steps } = planAccount(desired, empty);
    expect(steps.map(({ key, after }) => [key, after])).toEqual([
      ['domain', []],
      ['list:PLAZA_Credentials', []],
      ['user:PLAZA_Credentials/office', ['list:PLAZA_Credentials']],
      ['user:PLAZA_Credentials/security', ['list:PLAZA_Credentials']],
      ['mapping:PLAZA_Credentials/calls', ['domain', 'list:PLAZA_Credentials']],
      ['mapping:PLAZA_Credentials/registrations', ['domain', 'list:PLAZA_Credentials']],
      ['number:+56229145248', []],
    ]);
  });

  it.each<readonly [string, ObservedAccount, readonly string[]]>([
    ['a domain that lost its voice URL', { ...whole, domain: { ...whole.domain!, voiceUrl: null } }, ['change-domain domain']],
    ['a domain without registration', { ...whole, domain: { ...whole.domain!, sipRegistration: false } }, ['change-domain domain']],
    ['a user that somebody removed', { ...whole, lists: [{ ...list!, users: list!.users.slice(1) }] }, ['create-user user:PLAZA_Credentials/office']],
    ['a user that nobody declared', { ...whole, lists: [{ ...list!, users: [...list!.users, { sid: 'CR3', username: 'thief' }] }] }, ['remove-user user:PLAZA_Credentials/thief']],
    ['a list that may not register any more', { ...whole, lists: [{ ...list!, registers: false }] }, ['map-list mapping:PLAZA_Credentials/registrations']],
    ['a number that leads elsewhere', { ...whole, numbers: [{ ...whole.numbers[0]!, voiceUrl: 'https://elsewhere.example' }] }, ['change-number number:+56229145248']],
    ['a number whose calls a trunk takes', { ...whole, numbers: [{ ...whole.numbers[0]!, answeredBy: 'trunk' }] }, ['change-number number:+56229145248']],
  ])('mends %s, and nothing else', (_, there, expected) => {
    expect(keys(desired, there)).toEqual(expected);
  });

  it('leaves alone what it doesn’t know', () => {
    const foreign = { ...whole, lists: [...whole.lists, { ...list!, sid: 'CL9', name: 'Somebody' }], numbers: [...whole.numbers, { ...whole.numbers[0]!, sid: 'PN9', e164: '+15035550100', voiceUrl: null }] };
    expect(keys(desired, foreign)).toEqual([]);
  });

  it('takes a list away in the order in which Twilio lets go of it', () => {
    const { steps } = planAccount({ ...desired, lists: [], numbers: [], gone: { lists: ['PLAZA_Credentials', 'never-there'], numbers: [] } }, whole);
    expect(steps.map(({ key, action, after }) => [action.do, key, after])).toEqual([
      ['unmap-list', 'mapping:PLAZA_Credentials/calls', []],
      ['unmap-list', 'mapping:PLAZA_Credentials/registrations', []],
      ['remove-list', 'list:PLAZA_Credentials', ['mapping:PLAZA_Credentials/calls', 'mapping:PLAZA_Credentials/registrations']],
    ]);
  });

  it('waits for a number that may not be bought, and says for what', () => {
    const plan = planAccount({ ...desired, numbers: [{ ...number, whenMissing: { why: 'It has to be ported here.', who: 'its carrier' } }] }, { ...whole, numbers: [] });
    expect(plan).toEqual({ steps: [], waiting: [{ e164: '+56229145248', why: 'It has to be ported here.', who: 'its carrier' }] });
  });

  describe('of what may be called', () => {
    const changes = (countries: readonly string[], exact: boolean, there: ObservedAccount['permissions'] = permissions): unknown =>
      planAccount({ ...desired, permissions: { countries, exact } }, { ...whole, permissions: there }).steps.map(({ key, action }) => ({ key, ...action }));
    const step = { key: 'permissions', do: 'permit-countries', on: [], off: [], lowRiskOnly: [], own: false };

    it('permits all countries that are missed in one step, and leaves others and high-risk numbers as they are', () => {
      const there = new Map([...permissions, ['BO', closed] as const, ['LV', { lowRisk: true, highRisk: true }] as const]);
      expect(changes(['PE', 'LV', 'BO'], false, there)).toEqual([{ ...step, on: ['BO', 'PE'] }]);
      expect(changes(['CL'], false, there)).toEqual([]);
      expect(changes([], false, there)).toEqual([]);
    });

    it('are said whole for a subaccount that had its parent’s', () => {
      const own = (exact: boolean): unknown => planAccount({ ...desired, permissions: { countries: ['CL'], exact, own: true } }, { ...whole, permissions, inherited: true }).steps.map(({ action }) => action);
      expect([own(false), own(true)]).toMatchObject([[{ on: ['CL'], off: [], lowRiskOnly: [], own: true }], [{ on: ['CL'], off: ['PE', 'US'], lowRiskOnly: ['CL'], own: true }]]);
    });

    it('forbids what nobody wants where nothing else may be called', () => {
      const there = new Map([...permissions, ['LV', { lowRisk: true, highRisk: true }] as const, ['SO', { lowRisk: false, highRisk: true }] as const]);
      expect(changes(['CL', 'LV'], true, there)).toEqual([{ ...step, off: ['SO', 'US'], lowRiskOnly: ['LV'] }]);
      expect(changes(['CL', 'US'], true)).toEqual([]);
    });

    it('knows Canada by the row of the United States', () => {
      expect(changes(['CA', 'CL'], true)).toEqual([]);
      expect(changes(['CA'], false, new Map([['US', closed]]))).toEqual([{ ...step, on: ['US'] }]);
    });

    it('asks for nothing that Twilio does not know, or that could not be read', () => {
      expect(changes(['AQ', 'CL'], false)).toEqual([]);
      expect(changes(['PE'], true, { unread: 'refused' })).toEqual([]);
    });
  });

  it('of a thousand tenants is made in no time, and has three writes for each in shared lists', () => {
    const tenants = Array.from({ length: 1_000 }, (_, index) => index);
    const shared: DesiredAccount = {
      ...desired,
      lists: ['Pool_1', 'Pool_2'].map((name, pool) => ({ name, usernames: tenants.filter((tenant) => tenant % 2 === pool).flatMap((tenant) => [`t${tenant}-office`, `t${tenant}-security`]), unsure: [], ways: WAYS })),
      numbers: tenants.map((tenant) => ({ ...number, e164: `+562${20_000_000 + tenant}` })),
    };
    expect(planAccount(shared, empty).steps.length).toBe(3_007);
  });
});
