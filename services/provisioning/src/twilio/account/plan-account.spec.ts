import { describe, expect, it } from 'vitest';
import type { DesiredAccount, DesiredNumber, VoiceSettings } from './desired-account.js';
import type { ObservedAccount } from './observed-account.js';
import { planAccount } from './plan-account.js';

const voice: VoiceSettings = { friendlyName: 'Troncal', voiceUrl: 'https://voice.example/v', voiceFallbackUrl: null, statusCallback: 'https://voice.example/s' };
const number: DesiredNumber = { ...voice, e164: '+56229145248', bundleSid: null, mayBeBought: true };
const desired: DesiredAccount = {
  domain: { ...voice, name: 'troncal.sip.twilio.com', secure: false },
  lists: [{ name: 'PLAZA_Credentials', usernames: ['office', 'security'] }],
  numbers: [number],
  gone: { lists: [] },
};
const empty: ObservedAccount = { domain: undefined, lists: [], numbers: [] };
const whole: ObservedAccount = {
  domain: { ...voice, sid: 'SD1', name: 'troncal.sip.twilio.com', secure: false, sipRegistration: true },
  lists: [{ sid: 'CL1', name: 'PLAZA_Credentials', users: [{ sid: 'CR1', username: 'office' }, { sid: 'CR2', username: 'security' }], calls: true, registers: true }],
  numbers: [{ ...voice, sid: 'PN1', e164: '+56229145248', answeredBy: 'url' }],
};
const [list] = whole.lists;
const keys = (wanted: DesiredAccount, there: ObservedAccount): string[] => planAccount(wanted, there).steps.map(({ key, action }) => `${action.do} ${key}`);

describe('the plan of an account', () => {
  it('is empty when all is as it has to be', () => {
    expect(planAccount(desired, whole)).toEqual({ steps: [], waiting: [] });
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
    const { steps } = planAccount({ ...desired, lists: [], numbers: [], gone: { lists: ['PLAZA_Credentials', 'never-there'] } }, whole);
    expect(steps.map(({ key, action, after }) => [action.do, key, after])).toEqual([
      ['unmap-list', 'mapping:PLAZA_Credentials/calls', []],
      ['unmap-list', 'mapping:PLAZA_Credentials/registrations', []],
      ['remove-list', 'list:PLAZA_Credentials', ['mapping:PLAZA_Credentials/calls', 'mapping:PLAZA_Credentials/registrations']],
    ]);
  });

  it('waits for a number that may not be bought, and says for what', () => {
    const plan = planAccount({ ...desired, numbers: [{ ...number, mayBeBought: false }] }, { ...whole, numbers: [] });
    expect(plan).toEqual({ steps: [], waiting: [{ e164: '+56229145248', why: expect.stringContaining('moved or ported') as string }] });
  });

  it('of a thousand tenants is made in no time, and has three writes for each in shared lists', () => {
    const tenants = Array.from({ length: 1_000 }, (_, index) => index);
    const shared: DesiredAccount = {
      ...desired,
      lists: ['Pool_1', 'Pool_2'].map((name, pool) => ({ name, usernames: tenants.filter((tenant) => tenant % 2 === pool).flatMap((tenant) => [`t${tenant}-office`, `t${tenant}-security`]) })),
      numbers: tenants.map((tenant) => ({ ...number, e164: `+562${20_000_000 + tenant}` })),
    };
    expect(planAccount(shared, empty).steps.length).toBe(3_007);
  });
});
