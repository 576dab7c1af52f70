import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { AtTwilio, DOMAIN, NUMBER, OFFICE } from '../../test/support/at-twilio.js';

describe('a plan', () => {
  let at: AtTwilio;
  beforeAll(async () => {
    at = await AtTwilio.start();
  });
  afterAll(() => at.stop());

  describe('tells what a month costs', () => {
    it('not at all while Twilio’s prices are away, and is shown all the same', async () => {
      at.twilio.set({ faults: [{ place: 'pricing', does: { what: 'refuse', status: 503 } }] });
      const { steps, cost } = await at.plan([OFFICE]);
      expect(cost).toEqual({ now: 0, change: 0, unknown: ['1 local number of CL'] });
      expect(steps).toHaveLength(7);
      at.twilio.set({ faults: [] });
    });

    it('as it changes it, and once it is there', async () => {
      expect(await at.plan([OFFICE])).toMatchObject({ cost: { now: 0, change: 7, unknown: [] } });
      await at.apply([OFFICE]);
      expect(await at.plan([OFFICE])).toMatchObject({ cost: { now: 7, change: 0, unknown: [] } });
    });

    it('of the whole environment, by prices that are asked for once a day', async () => {
      at.twilio.forget();
      const other = { ...OFFICE, tenant: 'other', numbers: [{ have: 'buy', type: 'local', contains: '+5622*' }] };
      expect(await at.plan([other])).toMatchObject({ cost: { now: 7, change: 7 } });
      expect(at.twilio.requests().filter(({ place }) => place.includes('pricing'))).toEqual([]);
    });

    it('also of numbers on hold, which are paid for until they are released', async () => {
      await at.apply([{ ...OFFICE, numbers: [{ have: 'buy', e164: '+56223456789' }] }]);
      expect(await at.under.api.expect('GET', at.path('numbers'))).toMatchObject({ numbers: [{ e164: '+56223456789' }, { e164: NUMBER, state: 'held' }] });
      expect(await at.plan([])).toMatchObject({ cost: { now: 14, change: 0 } });
    });
  });

  describe('warns', () => {
    it('of what the account is and may, as far as it can be read', async () => {
      at.twilio.set({ accounts: [{ type: 'Trial', status: 'suspended', profile: 'in-review' }] });
      const { warnings } = await at.plan([]);
      expect(warnings).toEqual([/is suspended/, /is a trial/, /no customer profile/, /call US too, which no tenant declares/].map((each) => expect.stringMatching(each) as string));
      at.twilio.set({ accounts: [{ type: 'Full', status: 'active', profile: 'twilio-approved' }], faults: [{ place: 'trusthub|DialingPermissions|Accounts/AC[0-9a-f]+.json', does: { what: 'refuse', status: 403, code: 20003 } }] });
      const unread = await at.plan([]);
      expect(unread.warnings).toEqual([/is a trial or suspended could not be read/, /profile is approved could not be read/, /Which countries the account may call could not be read/].map((each) => expect.stringMatching(each) as string));
      expect(unread.reads).toBeGreaterThan(0);
      at.twilio.set({ faults: [] });
    });

    it('of phones that do not ring at once, and no more once they do', async () => {
      const main = OFFICE.routes?.['main'];
      const together = { ...OFFICE, numbers: [], routes: { main: { ...main, nodes: { ...main?.nodes, office: { kind: 'ring', extensions: ['201', '202'], onNoAnswer: 'bye' } } } } };
      expect((await at.plan([together])).warnings).toContainEqual(expect.stringContaining('oficina_principal main/office'));
      await at.environment('prod', DOMAIN, { enhancedSip: true });
      expect((await at.plan([together])).warnings).not.toContainEqual(expect.stringContaining('main/office'));
    });
  });

  describe('permits countries', () => {
    const calling = (tenant: string, countries: string[]) => ({ ...OFFICE, tenant, numbers: [], endpoints: [], outbound: { countries } });
    const may = (): string[] => ['CL', 'MX', 'PE', 'US'].filter((country) => at.twilio.world.main.dialing.of(country).low);
    const step = (says: string): object => ({ key: 'permissions', tenant: '_', says, calls: 1 });

    it('that tenants declare, in one step, whichever environment they are in', async () => {
      await at.environment('dev', 'communities-dev.sip.twilio.com');
      expect((await at.plan([calling('one', ['CL', 'MX'])])).steps).toContainEqual(step('lets the account call CL, MX'));
      expect(may()).toEqual(['US']);
      expect(await at.apply([calling('one', ['CL', 'MX'])])).toMatchObject({ state: 'whole' });
      expect(may()).toEqual(['CL', 'MX', 'US']);
      expect(await at.apply([calling('two', ['PE'])], 'dev')).toMatchObject({ state: 'whole' });
      expect(may()).toEqual(['CL', 'MX', 'PE', 'US']);
    });

    it('and no others where the environment says so, with those of the other one', async () => {
      await at.environment('prod', DOMAIN, { dialingPermissions: 'exact' });
      expect(await at.under.api.expect('GET', '/api/environments/prod')).toMatchObject({ dialingPermissions: 'exact' });
      const { steps, warnings } = await at.plan([calling('one', ['CL'])]);
      expect(steps).toContainEqual(step('keeps the account from calling MX, US'));
      expect(warnings).toEqual([]);
      expect(await at.apply([calling('one', ['CL'])])).toMatchObject({ state: 'whole' });
      expect(may()).toEqual(['CL', 'PE']);
      expect(await at.run('DELETE', 'tenants/one')).toMatchObject({ state: 'whole' });
      expect(may()).toEqual(['PE']);
    });

    it('later, when it can’t read which are permitted: all else is done, and it says what it waits for', async () => {
      at.twilio.set({ faults: [{ place: 'DialingPermissions', does: { what: 'refuse', status: 403, code: 20003 } }] });
      const view = await at.apply([{ ...calling('three', ['MX']), endpoints: [{ extension: '301', role: 'gate', username: 'three-gate' }] }]);
      expect(view).toMatchObject({ state: 'whole', waiting: [{ tenant: '_', what: 'dialing permissions' }] });
      expect(view.steps.map(({ key }) => key)).toContain('user:THREE_Credentials/three-gate');
      at.twilio.set({ faults: [] });
      expect(await at.run('POST', 'repair')).toMatchObject({ state: 'whole', waiting: [] });
      expect(may()).toEqual(['MX', 'PE']);
    });
  });
});
