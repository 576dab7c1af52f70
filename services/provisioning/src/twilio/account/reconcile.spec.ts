import { startTwilioSimulator, type Settings, type TwilioSimulator } from '@troncal/simulator-twilio';
import twilio, { type Twilio } from 'twilio';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { TwilioHttp } from '../http/twilio-http.js';
import { applyPlan, failuresOf, type StepOutcome } from './apply-plan.js';
import type { DesiredAccount, VoiceSettings } from './desired-account.js';
import { planAccount } from './plan-account.js';
import { SdkTwilioAccount } from './twilio-account.sdk.js';

const DOMAIN = 'troncal.sip.twilio.com';
const LIST = 'PLAZA_Credentials';
const NUMBER = '+56229145248';
const BUNDLE = `BU${'1'.repeat(32)}`;
const voice: VoiceSettings = { friendlyName: 'Plaza Norte', voiceUrl: 'https://voice.example/v', voiceFallbackUrl: 'https://other.example/v', statusCallback: 'https://voice.example/s' };
const desired: DesiredAccount = {
  domain: { ...voice, name: DOMAIN, secure: false },
  lists: [{ name: LIST, usernames: [`${NUMBER}-office`, `${NUMBER}-security`] }],
  numbers: [{ ...voice, e164: NUMBER, bundleSid: BUNDLE, mayBeBought: true }],
  gone: { lists: [] },
};
/** Enough for what the simulator hides, below. */
const LOOKS_MS = [0, 50, 100, 200, 200];
const nothing: DesiredAccount = { ...desired, lists: [], numbers: [], gone: { lists: [LIST] } };

let simulator: TwilioSimulator;
beforeEach(async () => {
  simulator = await startTwilioSimulator({ settings: { approvedBundles: [BUNDLE] } });
});
afterEach(() => simulator.close());

/** A process of ours that dies with its n-th request on the way; never when absent. What it was waiting for never comes. */
class Mortal extends TwilioHttp {
  private sent = 0;
  readonly died = Promise.withResolvers<'died'>();

  constructor(
    private readonly dies?: { readonly with: number; readonly sent: boolean },
    timeoutMs = 5_000,
  ) {
    super({ base: simulator.url, timeoutMs });
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

const sdk = (http = new Mortal()): Twilio => twilio(simulator.accountSid, simulator.authToken, { httpClient: http });
const passwordOf = (_: string, username: string): Promise<string> => Promise.resolve(`Secret1-of-${username}`);

async function run(wanted: DesiredAccount, http = new Mortal()): Promise<StepOutcome[]> {
  const account = new SdkTwilioAccount(sdk(http), LOOKS_MS);
  const observed = await account.read(DOMAIN);
  return applyPlan(planAccount(wanted, observed).steps, { account, observed, passwordOf });
}
const left = async (wanted: DesiredAccount): Promise<string[]> => planAccount(wanted, await new SdkTwilioAccount(sdk(), LOOKS_MS).read(DOMAIN)).steps.map(({ key }) => key);

/** All that the account holds, by names. */
function holds(): Readonly<Record<string, unknown>> {
  const { main } = simulator.world;
  return {
    domains: main.domains.all().map(({ attributes }) => attributes['domain_name']),
    lists: main.lists.all().map(({ sid, attributes }) => [attributes['friendly_name'], new Set(main.credentialsOf(sid).all().map((user) => user.attributes['username']))]),
    mapped: main.domains.all().map(({ sid }) => [main.mappingsOf(sid).calls.size, main.mappingsOf(sid).registrations.size]),
    numbers: main.numbers.all().map(({ attributes }) => [attributes['phone_number'], attributes['voice_url']]),
  };
}
const WHOLE = { domains: [DOMAIN], lists: [[LIST, new Set([`${NUMBER}-office`, `${NUMBER}-security`])]], mapped: [[1, 1]], numbers: [[NUMBER, voice.voiceUrl]] };
const requests = (method: string, place: RegExp): number => simulator.requests().filter((request) => request.method === method && place.test(request.place)).length;
const bought = (): number => simulator.requests().filter(({ method, place, status }) => method === 'POST' && place.endsWith('IncomingPhoneNumbers.json') && status === 201).length;

describe('an account', () => {
  it('is told of step by step, each before what needs it, and a run that can’t be told of fails', async () => {
    const account = new SdkTwilioAccount(sdk(), LOOKS_MS);
    const observed = await account.read(DOMAIN);
    const told: string[] = [];
    const { steps } = planAccount(desired, observed);
    const tell = async ({ step }: StepOutcome): Promise<void> => void told.push(step.key);
    await applyPlan(steps, { account, observed, passwordOf, told: tell });
    expect(new Set(told)).toEqual(new Set(steps.map(({ key }) => key)));
    for (const { key, after } of steps) for (const needed of after) expect(told.indexOf(needed)).toBeLessThan(told.indexOf(key));
    await expect(applyPlan(steps, { account, observed, passwordOf, told: () => Promise.reject(new Error('no database')) })).rejects.toThrow('no database');
  });

  it('is made with one request for each thing, and a second run makes none', async () => {
    expect(failuresOf(await run(desired))).toEqual([]);
    expect(holds()).toEqual(WHOLE);
    expect(requests('POST', /./)).toBe(7);
    expect(await left(desired)).toEqual([]);
    simulator.forget();
    expect(await run(desired)).toEqual([]);
    expect([requests('POST', /./), requests('GET', /./)]).toEqual([0, 6]);
  });

  it.each([true, false])('is whole whichever request the process before died with (sent: %s): nothing twice, and one purchase', async (sent) => {
    let died = 0;
    for (let request = 1; ; request += 1) {
      await simulator.close();
      simulator = await startTwilioSimulator({ settings: { approvedBundles: [BUNDLE] } });
      const first = new Mortal({ with: request, sent });
      const ended = await Promise.race([first.died.promise, run(desired, first)]);
      if (ended !== 'died') break;
      died += 1;
      expect(failuresOf(await run(desired))).toEqual([]);
      expect(holds()).toEqual(WHOLE);
      expect(bought()).toBe(1);
      expect(await left(desired)).toEqual([]);
    }
    // Three reads of an empty account, and seven changes.
    expect(died).toBe(10);
  });

  it('ends in the safe order, whichever request the process before died with', async () => {
    for (let request = 1; ; request += 1) {
      await run(desired);
      const first = new Mortal({ with: request, sent: request % 2 === 0 });
      const ended = await Promise.race([first.died.promise, run(nothing, first)]);
      expect(failuresOf(await run(nothing))).toEqual([]);
      expect(holds()).toMatchObject({ lists: [], mapped: [[0, 0]] });
      if (ended !== 'died') break;
    }
    // Its number stays: giving one back is for ever, and is not this plan's business.
    expect(simulator.world.main.numbers.size).toBe(1);
  });

  type Fault = NonNullable<Settings['faults']>[number]['does'];
  it.each<readonly [string, Fault]>([
    ['refused as one too many', { what: 'refuse', status: 429, code: 20429 }],
    ['answered with 500', { what: 'refuse', status: 500 }],
    ['cut after it is done', { what: 'cut-after' }],
    ['never answered though it is done', { what: 'hang-after' }],
    ['answered with HTML though it is done', { what: 'wrong-shape' }],
    ['answered in another shape though it is done', { what: 'wrong-shape', body: '{"sid":7}' }],
  ])('is made in one run though each change is %s once', async (_, does) => {
    const places = ['SIP/Domains\\.json', 'CredentialLists\\.json', 'Credentials\\.json', 'Calls/Cred', 'Registrations/Cred', 'Incoming'];
    simulator.set({ faults: places.map((place) => ({ method: 'POST' as const, place, times: 1, does })) });
    expect(failuresOf(await run(desired, new Mortal(undefined, does.what === 'hang-after' ? 1_000 : 5_000)))).toEqual([]);
    expect(holds()).toEqual(WHOLE);
    expect(simulator.world.main.numbers.size).toBe(1);
    expect(await left(desired)).toEqual([]);
  });

  it('is made though reads run behind, and the answers of all changes are lost', async () => {
    simulator.set({ hiddenMs: 300, faults: [{ method: 'POST', does: { what: 'cut-after' } }] });
    await run(desired);
    simulator.set({ faults: [] });
    await run(desired);
    simulator.set({ hiddenMs: 0 });
    expect(holds()).toEqual(WHOLE);
    expect(await left(desired)).toEqual([]);
  });

  it('says what Twilio refused and what to do; what needs it is skipped, and all else is done', async () => {
    simulator.set({ limits: { listsPerAccount: 0 }, sold: [NUMBER] });
    const outcomes = await run(desired);
    expect(Object.fromEntries(outcomes.map(({ step, how }) => [step.key, how]))).toEqual({
      domain: 'done',
      [`list:${LIST}`]: 'failed',
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

  it('with a domain name that another customer has is refused, and says so', async () => {
    simulator.set({ takenDomainNames: [DOMAIN] });
    expect((await run({ ...desired, lists: [], numbers: [] }))[0]).toMatchObject({ how: 'failed', error: { code: 'domain_taken' } });
  });

  it('takes up what was made by hand: a number that an application answers, and a list with a user of its own', async () => {
    await sdk().incomingPhoneNumbers.create({ phoneNumber: NUMBER, bundleSid: BUNDLE, voiceApplicationSid: `AP${'1'.repeat(32)}` });
    const { sid } = await sdk().sip.credentialLists.create({ friendlyName: LIST });
    await sdk().sip.credentialLists(sid).credentials.create({ username: `${NUMBER}-office`, password: 'Theirs1Theirs1' });
    expect(failuresOf(await run(desired))).toEqual([]);
    expect(holds()).toEqual(WHOLE);
    // Nobody but them knows it, and their phones go on.
    expect(simulator.world.main.credentialsOf(sid).having('username', `${NUMBER}-office`)?.attributes['password']).toBe('Theirs1Theirs1');
  });
});
