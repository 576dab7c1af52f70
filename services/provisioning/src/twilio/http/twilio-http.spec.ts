import { AdaptiveLimit } from '@troncal/kernel';
import { startTwilioSimulator, type Settings, type TwilioSimulator } from '@troncal/simulator-twilio';
import twilio, { type Twilio } from 'twilio';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { TwilioHttp, type TwilioHttpOptions } from './twilio-http.js';

let simulator: TwilioSimulator;
beforeEach(async () => {
  simulator = await startTwilioSimulator();
});
afterEach(() => simulator.close());

const sdk = (options: Partial<TwilioHttpOptions> = {}): Twilio => twilio(simulator.accountSid, simulator.authToken, { httpClient: new TwilioHttp({ base: simulator.url, timeoutMs: 5_000, ...options }) });
const posts = (): number => simulator.requests().filter(({ method }) => method === 'POST').length;
const PASSWORD = 'Secret1Secret1Secret1';
type Fault = NonNullable<Settings['faults']>[number];
const once = (method: Fault['method'], does: Fault['does']): void => simulator.set({ faults: [{ method, times: 1, does }] });

describe('the way to Twilio', () => {
  it('performs all of many changes though the account takes few at once', async () => {
    simulator.set({ pace: { latencyMs: 50, atOnce: 7 } });
    const { credentialLists } = sdk({ limit: new AdaptiveLimit({ start: 90, most: 90 }) }).sip;
    await Promise.all(Array.from({ length: 90 }, (_, number) => credentialLists.create({ friendlyName: `L${number}` })));
    expect(simulator.world.main.lists.size).toBe(90);
    expect(simulator.requests().some(({ status }) => status === 429)).toBe(true);
  });

  it.each<readonly [string, Fault['does']]>([
    ['cut before it is done', { what: 'cut-before' }],
    ['cut after it is done', { what: 'cut-after' }],
    ['never answered', { what: 'hang-after' }],
    ['answered with 500', { what: 'refuse', status: 500 }],
    ['answered with a page of HTML', { what: 'wrong-shape' }],
  ])('says of a change that is %s that nobody knows, and doesn’t make it again', async (_, does) => {
    once('POST', does);
    await expect(sdk({ timeoutMs: 1_000 }).sip.credentialLists.create({ friendlyName: 'L' })).rejects.toMatchObject({ code: 'twilio_outcome_unknown', retryable: true });
    expect(posts()).toBe(1);
  });

  it.each<readonly [string, Fault['does']]>([
    ['cut', { what: 'cut-before' }],
    ['never answered', { what: 'hang-after' }],
    ['answered with 503', { what: 'refuse', status: 503 }],
    ['answered with a page of HTML', { what: 'wrong-shape' }],
  ])('asks again what is only read, when it is %s', async (_, does) => {
    once('GET', does);
    expect(await sdk({ timeoutMs: 1_000 }).sip.credentialLists.list()).toEqual([]);
  });

  it('leaves Twilio’s own refusals as they are', async () => {
    await expect(sdk().sip.credentialLists(`CL${'0'.repeat(32)}`).fetch()).rejects.toMatchObject({ status: 404, code: 20404 });
  });

  it('gives up being refused as one too many after its patience, and says what to do', async () => {
    simulator.set({ faults: [{ does: { what: 'refuse', status: 429, code: 20429 } }] });
    await expect(sdk({ patienceMs: 300 }).sip.credentialLists.list()).rejects.toMatchObject({ code: 'twilio_busy', remedy: expect.stringContaining('Twilio-Concurrent-Requests') as string });
  });

  it('tries what could not be sent until Twilio is there', async () => {
    const { url, accountSid, authToken } = simulator;
    await simulator.close();
    const listed = sdk().sip.credentialLists.create({ friendlyName: 'L' });
    await new Promise((resolve) => setTimeout(resolve, 250));
    simulator = await startTwilioSimulator({ port: Number(new URL(url).port), account: { sid: accountSid, authToken } });
    expect((await listed).friendlyName).toBe('L');
  });

  it('tells nothing that is secret when it fails', async () => {
    const { sid } = await sdk().sip.credentialLists.create({ friendlyName: 'L' });
    for (const does of [{ what: 'cut-after' }, { what: 'refuse', status: 500 }, { what: 'refuse', status: 400 }, { what: 'wrong-shape' }] as const) {
      once('POST', does);
      const error = await sdk().sip.credentialLists(sid).credentials.create({ username: 'a', password: PASSWORD }).then(() => undefined, (reason: unknown) => reason as Error);
      expect(error).toBeInstanceOf(Error);
      const told = [JSON.stringify(error), error?.message, error?.stack, JSON.stringify(error?.cause)].join();
      expect(told).not.toMatch(new RegExp(`${PASSWORD}|${simulator.authToken}|Basic `));
    }
  });
});
