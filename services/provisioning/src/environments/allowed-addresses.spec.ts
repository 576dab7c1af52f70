import type { DriftView } from '@troncal/contracts';
import type { TwilioSimulator } from '@troncal/simulator-twilio';
import type { Twilio } from 'twilio';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { AtTwilio, DOMAIN, OFFICE } from '../../test/support/at-twilio.js';

type Account = TwilioSimulator['world']['main'];

const LIST = 'Troncal communities';
const LISTED = [['203.0.113.0', 24], ['198.51.100.7', 32]];
const TENANT = { ...OFFICE, numbers: [], endpoints: [] };

describe('the addresses that calls into an environment’s domain may come from', () => {
  let at: AtTwilio;
  let byHand: Twilio;
  const main = (): Account => at.twilio.world.main;
  const lists = (account = main()): unknown[] => account.addressLists.all().map(({ sid, attributes }) => [attributes['friendly_name'], ...account.addressesOf(sid).all().map(({ attributes: own }) => [own['ip_address'], own['cidr_prefix_length']])]);
  const mapped = (account = main()): number => account.domains.all().reduce((sum, { sid }) => sum + account.mappingsOf(sid).addresses.size, 0);
  const look = (): Promise<DriftView> => at.under.api.expect<DriftView>('POST', at.path('drift'));

  beforeAll(async () => {
    at = await AtTwilio.start();
    byHand = at.byHand();
    await at.environment('prod', DOMAIN, { allowedAddresses: ['203.0.113.0/24', '198.51.100.7'] });
  });
  afterAll(() => at.stop());

  it('are planned in words, with what it means for phones, and made in the safe order', async () => {
    const { steps, warnings } = await at.plan([TENANT]);
    expect(steps.map(({ says }) => says)).toEqual([
      `makes the SIP domain ${DOMAIN}`,
      `makes the address list ${LIST}`,
      'adds 203.0.113.0/24 to the addresses that calls may come from',
      'adds 198.51.100.7/32 to the addresses that calls may come from',
      `lets calls into the SIP domain come from the addresses of ${LIST} alone`,
    ]);
    expect(warnings).toContainEqual(expect.stringMatching(/pass only from .* and with a SIP user’s password, both.*32201/));
    expect(await at.apply([TENANT])).toMatchObject({ state: 'whole' });
    expect([lists(), mapped()]).toEqual([[[LIST, ...LISTED]], 1]);
    expect(await look()).toMatchObject({ differences: [], reads: 9 });
  });

  it('drift when somebody adds one, or maps a list of their own, which stays and is told', async () => {
    const [list] = await byHand.sip.ipAccessControlLists.list();
    await byHand.sip.ipAccessControlLists(list?.sid ?? '').ipAddresses.create({ friendlyName: 'thief', ipAddress: '192.0.2.66' });
    const theirs = await byHand.sip.ipAccessControlLists.create({ friendlyName: 'PBX' });
    const [domain] = await byHand.sip.domains.list();
    await byHand.sip.domains(domain?.sid ?? '').auth.calls.ipAccessControlListMappings.create({ ipAccessControlListSid: theirs.sid });
    const { differences } = await look();
    expect(differences).toMatchObject([{ key: 'address:192.0.2.66/32', tenant: '_', says: 'takes 192.0.2.66/32 from the addresses that calls may come from' }]);
    expect(await at.run('POST', 'repair')).toMatchObject({ state: 'whole' });
    expect([lists(), mapped()]).toEqual([[[LIST, ...LISTED], ['PBX']], 2]);
    expect((await at.plan([TENANT])).warnings).toContainEqual(expect.stringContaining('Other address lists'));
  });

  it('are left open again when they are left out, and others’ are told of', async () => {
    await at.environment('prod', DOMAIN);
    expect((await at.run('POST', 'repair')).steps.map(({ says }) => says)).toEqual(['lets calls into the SIP domain come from everywhere', `removes the address list ${LIST}`]);
    expect([lists(), mapped()]).toEqual([[['PBX']], 1]);
    expect((await at.plan([TENANT])).warnings).toContainEqual(expect.stringContaining('Somebody has mapped an address list'));
  });

  it('guard the SIP domain of a subaccount as well; what watches usage is the platform’s account’s alone', async () => {
    await at.environment('prod', DOMAIN, { allowedAddresses: ['203.0.113.0/24', '198.51.100.7'], usageTriggers: [{ name: 'daily-spend', above: 50 }] });
    const plaza = { ...TENANT, tenant: 'PLAZA', placement: 'subaccount' };
    expect((await at.plan([plaza])).warnings).toContainEqual(expect.stringMatching(/^Calls into .*communities-plaza\.sip\.twilio\.com pass only from/));
    expect(await at.apply([plaza])).toMatchObject({ state: 'whole' });
    const [own = main()] = at.twilio.world.under(main());
    expect([lists(own), mapped(own)]).toEqual([[[`${LIST}-plaza`, ...LISTED]], 1]);
    expect([own, main()].map(({ usageTriggers }) => usageTriggers.size)).toEqual([0, 1]);
    // Nobody in the platform's account was meant: its domain is as it was.
    expect(mapped()).toBe(1);
    expect((await at.run('POST', 'repair')).steps.map(({ key }) => key)).toContain(`addresses:${LIST}`);
    expect((await look()).differences).toEqual([]);
  });

  it.each<readonly [string, readonly string[], RegExp]>([
    ['a name', ['pbx.example.com'], /expected an IPv4 address or network/],
    ['bits behind those that count', ['203.0.113.9/24'], /has bits behind those that count/],
    ['half the Internet', ['0.0.0.0/1'], /keeps nobody out/],
    ['an address twice', ['203.0.113.9', '203.0.113.9/32'], /stands here twice/],
  ])('are refused with %s', async (_, allowedAddresses, expected) => {
    const { status, body } = await at.under.api.send('PUT', '/api/environments/dev', { domain: 'communities-dev.sip.twilio.com', publicUrl: 'https://dev.example.com', allowedAddresses });
    expect([status, JSON.stringify(body)]).toEqual([422, expect.stringMatching(expected)]);
  });
});
