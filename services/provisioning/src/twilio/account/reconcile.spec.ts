import { startTwilioSimulator, type Settings, type TwilioSimulator } from '@troncal/simulator-twilio';
import twilio, { type Twilio } from 'twilio';
import { describe, expect, it, type TestContext } from 'vitest';
import { TwilioHttp } from '../http/twilio-http.js';
import type { DesiredAddressList } from './address-list/address-list.js';
import { applyPlan, failuresOf, type StepOutcome } from './apply-plan.js';
import type { DesiredAccount, VoiceSettings } from './desired-account.js';
import { planAccount, WAYS } from './plan-account.js';
import { SdkTwilioAccount } from './twilio-account.sdk.js';
import type { DesiredTriggers } from './usage-triggers/usage-trigger.js';

const DOMAIN = 'troncal.sip.twilio.com';
const LIST = 'PLAZA_Credentials';
const NUMBER = '+56229145248';
const BUNDLE = `BU${'1'.repeat(32)}`;
const voice: VoiceSettings = { friendlyName: 'Plaza Norte', voiceUrl: 'https://voice.example/v', voiceFallbackUrl: 'https://other.example/v', statusCallback: 'https://voice.example/s' };
const triggers: DesiredTriggers = { owner: 'Troncal troncal', all: [{ name: 'Troncal troncal/daily', category: 'totalprice', by: 'price', value: 50, recurring: 'daily', callbackUrl: 'https://voice.example/u' }] };
const addressList: DesiredAddressList = { name: 'Troncal troncal', addresses: [{ ip: '203.0.113.0', bits: 24 }] };
const desired: DesiredAccount = {
  domain: { ...voice, name: DOMAIN, secure: false },
  lists: [{ name: LIST, usernames: [`${NUMBER}-office`, `${NUMBER}-security`], unsure: [], ways: WAYS }],
  numbers: [{ ...voice, e164: NUMBER, bundleSid: BUNDLE, addressSid: null, whenMissing: 'buy' }],
  permissions: { countries: ['CL', 'US'], exact: false },
  triggers,
  addressList,
  gone: { lists: [], numbers: [] },
};
const GUARDED = { triggers: true, addressList: addressList.name };
/** Enough for what the simulator hides, below. */
const LOOKS_MS = [0, 50, 100, 200, 200];
const nothing: DesiredAccount = { ...desired, lists: [], numbers: [], triggers: { ...triggers, all: [] }, addressList: { ...addressList, addresses: [] }, gone: { lists: [LIST], numbers: [] } };

/** A process of ours that dies with its n-th request on the way; never when absent. What it was waiting for never comes. */
class Mortal extends TwilioHttp {
  private sent = 0;
  readonly died = Promise.withResolvers<'died'>();

  constructor(
    base: string,
    private readonly dies?: { readonly with: number; readonly sent: boolean },
    timeoutMs = 5_000,
  ) {
    super({ base, timeoutMs });
  }

  override async request<Data>(request: Parameters<typeof TwilioHttp.prototype.request<Data>>[0]): ReturnType<typeof TwilioHttp.prototype.request<Data>> {
    this.sent += 1;
    if (this.dies === undefined || this.sent < this.dies.with) return super.request(request);
    // The one that it dies with may have gone out, and be done, without its knowing.
    if (this.dies.sent && this.sent === this.dies.with) await super.request(request).catch(() => undefined);
    this.died.resolve('died');
    return new Promise(() => {});
  }
}

const passwordOf = (_: string, username: string): Promise<string> => Promise.resolve(`Secret1-of-${username}`);

/** An account at a simulator of its own: they mostly wait, so they are tried beside each other. */
class AccountLab {
  private constructor(readonly simulator: TwilioSimulator) {}

  /** Closed when the test is over. */
  static async of({ onTestFinished }: Pick<TestContext, 'onTestFinished'>): Promise<AccountLab> {
    const simulator = await startTwilioSimulator({ settings: { approvedBundles: [BUNDLE] } });
    onTestFinished(() => simulator.close());
    return new AccountLab(simulator);
  }

  mortal(dies?: { readonly with: number; readonly sent: boolean }, timeoutMs?: number): Mortal {
    return new Mortal(this.simulator.url, dies, timeoutMs);
  }

  sdk(http = this.mortal()): Twilio {
    return twilio(this.simulator.accountSid, this.simulator.authToken, { httpClient: http });
  }

  async run(wanted: DesiredAccount, http = this.mortal()): Promise<StepOutcome[]> {
    const account = new SdkTwilioAccount(this.sdk(http), LOOKS_MS);
    const observed = await account.read(DOMAIN, GUARDED);
    return applyPlan(planAccount(wanted, observed).steps, { account, observed, passwordOf });
  }

  /** Steps that are left to do. */
  async left(wanted: DesiredAccount): Promise<string[]> {
    return planAccount(wanted, await new SdkTwilioAccount(this.sdk(), LOOKS_MS).read(DOMAIN, GUARDED)).steps.map(({ key }) => key);
  }

  /** All that the account holds, by names. */
  holds(): Readonly<Record<string, unknown>> {
    const { main } = this.simulator.world;
    return {
      domains: main.domains.all().map(({ attributes }) => attributes['domain_name']),
      lists: main.lists.all().map(({ sid, attributes }) => [attributes['friendly_name'], new Set(main.credentialsOf(sid).all().map((user) => user.attributes['username']))]),
      mapped: main.domains.all().map(({ sid }) => [main.mappingsOf(sid).calls.size, main.mappingsOf(sid).registrations.size]),
      numbers: main.numbers.all().map(({ attributes }) => [attributes['phone_number'], attributes['voice_url']]),
      calls: ['CL', 'PE', 'US'].filter((country) => main.dialing.of(country).low),
      callsFrom: main.domains.all().map(({ sid }) => main.mappingsOf(sid).addresses.all().map((list) => main.addressesOf(list.sid).all().map(({ attributes }) => attributes['ip_address']))),
      addressLists: main.addressLists.all().map(({ attributes }) => attributes['friendly_name']),
      triggers: main.usageTriggers.all().map(({ attributes }) => attributes['friendly_name']),
    };
  }

  requests(method: string, place: RegExp): number {
    return this.simulator.requests().filter((request) => request.method === method && place.test(request.place)).length;
  }

  get bought(): number {
    return this.simulator.requests().filter(({ method, place, status }) => method === 'POST' && place.endsWith('IncomingPhoneNumbers.json') && status === 201).length;
  }
}

const WHOLE = { domains: [DOMAIN], lists: [[LIST, new Set([`${NUMBER}-office`, `${NUMBER}-security`])]], mapped: [[1, 1]], numbers: [[NUMBER, voice.voiceUrl]], calls: ['CL', 'US'], callsFrom: [[['203.0.113.0']]], addressLists: ['Troncal troncal'], triggers: ['Troncal troncal/daily'] };

// Many at once have the machine that one had.
describe.concurrent('an account', { timeout: 120_000 }, () => {
  it('is told of step by step, each before what needs it, and a run that can’t be told of fails', async (test) => {
    const lab = await AccountLab.of(test);
    const account = new SdkTwilioAccount(lab.sdk(), LOOKS_MS);
    const observed = await account.read(DOMAIN, GUARDED);
    const told: string[] = [];
    const { steps } = planAccount(desired, observed);
    const tell = async ({ step }: StepOutcome): Promise<void> => void told.push(step.key);
    await applyPlan(steps, { account, observed, passwordOf, told: tell });
    expect(new Set(told)).toEqual(new Set(steps.map(({ key }) => key)));
    for (const { key, after } of steps) for (const needed of after) expect(told.indexOf(needed)).toBeLessThan(told.indexOf(key));
    await expect(applyPlan(steps, { account, observed, passwordOf, told: () => Promise.reject(new Error('no database')) })).rejects.toThrow('no database');
  });

  it('is made with one request for each thing, and a second run makes none', async (test) => {
    const lab = await AccountLab.of(test);
    expect(failuresOf(await lab.run(desired))).toEqual([]);
    expect(lab.holds()).toEqual(WHOLE);
    expect(lab.requests('POST', /./)).toBe(12);
    expect(await lab.left(desired)).toEqual([]);
    lab.simulator.forget();
    expect(await lab.run(desired)).toEqual([]);
    expect([lab.requests('POST', /./), lab.requests('GET', /./)]).toEqual([0, 11]);
  });

  // Six reads of an empty account, and twelve changes; nothing is left for a nineteenth.
  const REQUESTS = Array.from({ length: 19 }, (_, index) => index + 1);

  it.for([true, false])('is whole whichever request the process before died with (sent: %s): nothing twice, and one purchase', async (sent, test) => {
    const died = await Promise.all(REQUESTS.map(async (request) => {
      const lab = await AccountLab.of(test);
      const first = lab.mortal({ with: request, sent });
      const ended = await Promise.race([first.died.promise, lab.run(desired, first)]);
      expect(failuresOf(await lab.run(desired))).toEqual([]);
      expect(lab.holds()).toEqual(WHOLE);
      expect(lab.bought).toBe(1);
      expect(await lab.left(desired)).toEqual([]);
      return ended === 'died';
    }));
    expect(died).toEqual(REQUESTS.map((request) => request < 19));
  });

  it('ends in the safe order, whichever request the process before died with', async (test) => {
    const lab = await AccountLab.of(test);
    for (let request = 1; ; request += 1) {
      await lab.run(desired);
      const first = lab.mortal({ with: request, sent: request % 2 === 0 });
      const ended = await Promise.race([first.died.promise, lab.run(nothing, first)]);
      expect(failuresOf(await lab.run(nothing))).toEqual([]);
      expect(lab.holds()).toMatchObject({ lists: [], mapped: [[0, 0]], callsFrom: [[]], addressLists: [], triggers: [] });
      if (ended !== 'died') break;
    }
    // Its number stays: giving one back is for ever, and is not this plan's business.
    expect(lab.simulator.world.main.numbers.size).toBe(1);
  });

  it('has high-risk numbers turned off where nothing else may be called, and never turned on', async (test) => {
    const lab = await AccountLab.of(test);
    lab.simulator.world.main.dialing.set('CL', { low: false, special: true, tollfraud: false });
    lab.simulator.world.main.dialing.set('LV', { low: true, special: true, tollfraud: true });
    const countries = ['CL', 'PE'];
    await lab.run({ ...desired, permissions: { countries, exact: false } });
    expect(['CL', 'LV', 'PE', 'US'].map((country) => lab.simulator.world.main.dialing.of(country))).toEqual([
      { low: true, special: true, tollfraud: false }, { low: true, special: true, tollfraud: true }, { low: true, special: false, tollfraud: false }, { low: true, special: false, tollfraud: false },
    ]);
    await lab.run({ ...desired, permissions: { countries, exact: true } });
    const [lowRisk, none] = [{ low: true, special: false, tollfraud: false }, { low: false, special: false, tollfraud: false }];
    expect(['CL', 'LV', 'PE', 'US'].map((country) => lab.simulator.world.main.dialing.of(country))).toEqual([lowRisk, none, lowRisk, none]);
    expect(await lab.left({ ...desired, permissions: { countries, exact: true } })).toEqual([]);
  });

  type Fault = NonNullable<Settings['faults']>[number]['does'];
  it.for<readonly [string, Fault]>([
    ['refused as one too many', { what: 'refuse', status: 429, code: 20429 }],
    ['answered with 500', { what: 'refuse', status: 500 }],
    ['cut after it is done', { what: 'cut-after' }],
    ['never answered though it is done', { what: 'hang-after' }],
    ['answered with HTML though it is done', { what: 'wrong-shape' }],
    ['answered in another shape though it is done', { what: 'wrong-shape', body: '{"sid":7}' }],
  ])('is made in one run though each change is %s once', async ([, does], test) => {
    const lab = await AccountLab.of(test);
    const places = ['SIP/Domains\\.json', 'CredentialLists\\.json', 'Credentials\\.json', 'Calls/Cred', 'Registrations/Cred', 'Incoming', 'BulkCountry', 'Triggers', 'IpAccessControlLists\\.json', 'IpAddresses', 'IpAccessControlListMappings'];
    lab.simulator.set({ faults: places.map((place) => ({ method: 'POST' as const, place, times: 1, does })) });
    expect(failuresOf(await lab.run(desired, lab.mortal(undefined, does.what === 'hang-after' ? 1_000 : 5_000)))).toEqual([]);
    expect(lab.holds()).toEqual(WHOLE);
    expect(lab.simulator.world.main.numbers.size).toBe(1);
    expect(await lab.left(desired)).toEqual([]);
  });

  it('is made though reads run behind, and the answers of all changes are lost', async (test) => {
    const lab = await AccountLab.of(test);
    lab.simulator.set({ hiddenMs: 300, faults: [{ method: 'POST', does: { what: 'cut-after' } }] });
    await lab.run(desired);
    lab.simulator.set({ faults: [] });
    await lab.run(desired);
    lab.simulator.set({ hiddenMs: 0 });
    expect(lab.holds()).toEqual(WHOLE);
    expect(await lab.left(desired)).toEqual([]);
  });

  it('says what Twilio refused and what to do; what needs it is skipped, and all else is done', async (test) => {
    const lab = await AccountLab.of(test);
    lab.simulator.set({ limits: { listsPerAccount: 0 }, sold: [NUMBER] });
    const outcomes = await lab.run(desired);
    expect(Object.fromEntries(outcomes.map(({ step, how }) => [step.key, how]))).toEqual({
      domain: 'done',
      [`list:${LIST}`]: 'failed',
      permissions: 'done',
      'trigger:daily': 'done',
      'addresses:Troncal troncal': 'done',
      'address:203.0.113.0/24': 'done',
      'mapping:Troncal troncal/addresses': 'done',
      [`user:${LIST}/${NUMBER}-office`]: 'skipped',
      [`user:${LIST}/${NUMBER}-security`]: 'skipped',
      [`mapping:${LIST}/calls`]: 'skipped',
      [`mapping:${LIST}/registrations`]: 'skipped',
      [`number:${NUMBER}`]: 'failed',
    });
    expect(outcomes.flatMap((outcome) => (outcome.how === 'failed' ? [outcome.error] : []))).toMatchObject([
      { code: 'lists_full', remedy: expect.stringContaining('pooled') as string },
      { code: 'number_taken' },
    ]);
  });

  it('with a domain name that another customer has is refused, and says so', async (test) => {
    const lab = await AccountLab.of(test);
    lab.simulator.set({ takenDomainNames: [DOMAIN] });
    expect((await lab.run({ ...desired, lists: [], numbers: [] }))[0]).toMatchObject({ how: 'failed', error: { code: 'domain_taken' } });
  });

  it('takes up what was made by hand: a number that an application answers, and a list with a user of its own', async (test) => {
    const lab = await AccountLab.of(test);
    await lab.sdk().incomingPhoneNumbers.create({ phoneNumber: NUMBER, bundleSid: BUNDLE, voiceApplicationSid: `AP${'1'.repeat(32)}` });
    const { sid } = await lab.sdk().sip.credentialLists.create({ friendlyName: LIST });
    await lab.sdk().sip.credentialLists(sid).credentials.create({ username: `${NUMBER}-office`, password: 'Theirs1Theirs1' });
    expect(failuresOf(await lab.run(desired))).toEqual([]);
    expect(lab.holds()).toEqual(WHOLE);
    // Nobody but them knows it, and their phones go on.
    expect(lab.simulator.world.main.credentialsOf(sid).having('username', `${NUMBER}-office`)?.attributes['password']).toBe('Theirs1Theirs1');
  });
});
