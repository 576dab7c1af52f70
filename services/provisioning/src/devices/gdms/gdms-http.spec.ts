import { startGdmsSimulator, type GdmsSimulator, type Settings } from '@troncal/simulator-gdms';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { GdmsHttp } from './gdms-http.js';
import { gdmsPasswordDigest, gdmsSignature, type GdmsCredentials } from './gdms-signature.js';

const anything = z.unknown();
const ADD = [{ mac: '00:0B:82:11:22:33', sn: '20EZ112233', siteId: 3345 }];

let gdms: GdmsSimulator;
let http: GdmsHttp;
const credentials = (change: Partial<GdmsCredentials> = {}): GdmsCredentials => {
  const { apiId, secretKey, username, password } = gdms.identity;
  return { apiId, secretKey, username, passwordDigest: gdmsPasswordDigest(password), ...change };
};
const client = (change: Partial<GdmsCredentials> = {}): GdmsHttp => new GdmsHttp({ base: gdms.url, credentials: credentials(change), timeoutMs: 300, patienceMs: 2_000 });
const fails = (place: string, does: NonNullable<Settings['faults']>[number]['does'], times = 1): void => gdms.set({ faults: [{ place, times, does }] });
const asked = (place: string): number => gdms.requests().filter((request) => request.place === place).length;

beforeEach(async () => {
  gdms = await startGdmsSimulator();
  http = client();
});
afterEach(() => gdms.close());

describe('a signature', () => {
  it('is that of Grandstream’s guide, made by hand', () => {
    // printf '&access_token=t&client_id=i&client_secret=s&timestamp=1621958396000&' | sha256sum, and with the body's own digest and & behind it
    const key = { apiId: 'i', secretKey: 's' };
    expect(gdmsSignature('t', 1_621_958_396_000, '', key)).toBe('94b144a55ed9d2ffdbafe5c810e06fbdb1506b4c91631817d71442a8c7f30d20');
    expect(gdmsSignature('t', 1_621_958_396_000, '{"mac":"ñ"}', key)).toBe('c2e4703d14d1a8fc4ce23a9eac4f8c8ac7fbb6a6a3677e495020b8496de50af9');
    expect(gdmsPasswordDigest('password')).toBe('3f2cd8e57b096fe7e4a78a5627e34ca3f885ad65a56e61c287cf4211bbc5949f');
  });
});

describe('requests to GDMS', () => {
  it('share one token, and go on with another when it is over', async () => {
    await Promise.all(Array.from({ length: 10 }, () => http.read('device/list', {}, anything)));
    expect(gdms.grants).toEqual(['password']);
    gdms.set({ expired: 'access' });
    await http.read('device/list', {}, anything);
    expect(gdms.grants).toEqual(['password', 'refresh_token']);
    gdms.set({ expired: 'all', refusesTokenBy: 'envelope' });
    await http.write('device/add', ADD, anything);
    expect(gdms.grants).toEqual(['password', 'refresh_token', 'refresh_token', 'password']);
    expect(gdms.world.all()).toHaveLength(1);
  });

  it('are not let in with wrong credentials, and then leave GDMS alone for a while', async () => {
    const stranger = client({ passwordDigest: 'wrong' });
    await expect(stranger.read('device/list', {}, anything)).rejects.toMatchObject({ code: 'gdms_credentials_refused', retryable: false });
    await expect(stranger.read('device/list', {}, anything)).rejects.toMatchObject({ code: 'gdms_credentials_refused' });
    expect(gdms.grants).toEqual(['password']);
  });

  it.each<[string, Parameters<typeof fails>[1]]>([
    ['a 503', { what: 'refuse', status: 503 }],
    ['a connection that ends', { what: 'cut-after' }],
    ['no answer', { what: 'hang-after' }],
    ['another shape', { what: 'wrong-shape', body: '<html>' }],
    ['another envelope', { what: 'wrong-shape', body: '{"ok":true}' }],
    ['another content', { what: 'wrong-shape', body: '{"retCode":0,"data":{"result":7}}' }],
  ])('that only read are repeated after %s', async (_, does) => {
    fails('device/list', does);
    expect(await http.read('device/list', {}, z.object({ result: z.array(z.unknown()) }))).toEqual({ result: [] });
    expect(asked('device/list')).toBe(2);
  });

  it.each<[string, Parameters<typeof fails>[1], number]>([
    ['a 503', { what: 'refuse', status: 503 }, 0],
    ['a connection that ends when it was done', { what: 'cut-after' }, 1],
    ['no answer', { what: 'hang-after' }, 1],
    ['another shape', { what: 'wrong-shape', body: '<html>' }, 1],
  ])('that change something are not repeated after %s: nobody knows what became of them', async (_, does, made) => {
    fails('device/add', does);
    await expect(http.write('device/add', ADD, anything)).rejects.toMatchObject({ code: 'gdms_outcome_unknown', retryable: true });
    expect(asked('device/add')).toBe(1);
    expect(gdms.world.all()).toHaveLength(made);
  });

  it('keep to what it takes at once', async () => {
    gdms.set({ pace: { latencyMs: 5, atOnce: 2 } });
    const all = await Promise.all(Array.from({ length: 12 }, () => http.read('device/list', {}, anything)));
    expect(all).toHaveLength(12);
  });

  it('give up in time, and say what is the matter without what is secret', async () => {
    const patient = new GdmsHttp({ base: gdms.url, credentials: credentials(), timeoutMs: 300, patienceMs: 100 });
    fails('device/list', { what: 'refuse', status: 429 }, 1_000);
    await expect(patient.read('device/list', {}, anything)).rejects.toMatchObject({ code: 'gdms_busy' });
    fails('device/list', { what: 'wrong-shape', body: JSON.stringify({ retCode: 7, msg: `no ${gdms.identity.secretKey} here\u001b[2J` }) });
    const refused: unknown = await http.read('device/list', {}, anything).catch((error: unknown) => error);
    expect(refused).toMatchObject({ code: 'gdms_refused', details: { retCode: 7 }, message: expect.stringContaining('no [secret] here') as string });
    for (const never of ['\u001b', 'access_token=']) expect(String(refused)).not.toContain(never);
    await gdms.close();
    await expect(patient.read('device/list', {}, anything)).rejects.toMatchObject({ code: 'gdms_away' });
  });
});
