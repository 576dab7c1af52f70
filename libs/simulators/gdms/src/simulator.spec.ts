import { createHash } from 'node:crypto';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { startGdmsSimulator, type GdmsSimulator } from './index.js';

const sha256 = (text: string): string => createHash('sha256').update(text).digest('hex');
const md5 = (text: string): string => createHash('md5').update(text).digest('hex');
const MAC = '00:0B:82:11:22:33';

let gdms: GdmsSimulator;
beforeEach(async () => {
  gdms = await startGdmsSimulator();
});
afterEach(() => gdms.close());

async function grant(form: Record<string, string> = {}): Promise<{ status: number; body: { access_token: string; refresh_token: string; expires_in: number } }> {
  const { apiId, secretKey, username, password } = gdms.identity;
  const body = new URLSearchParams({ grant_type: 'password', username, password: sha256(md5(password)), client_id: apiId, client_secret: secretKey, ...form });
  const response = await fetch(`${gdms.url}/oapi/oauth/token`, { method: 'POST', body });
  return { status: response.status, body: (await response.json()) as { access_token: string; refresh_token: string; expires_in: number } };
}

/** As Grandstream's guide writes a request down, by hand. */
async function ask(token: string, place: string, body: object, change: Record<string, string> = {}): Promise<{ status: number; body: unknown }> {
  const { apiId, secretKey } = gdms.identity;
  const text = JSON.stringify(body);
  const timestamp = String(Date.now());
  const signature = sha256(`&access_token=${token}&client_id=${apiId}&client_secret=${secretKey}&timestamp=${timestamp}&${sha256(text)}&`);
  const response = await fetch(`${gdms.url}/oapi/v1.0.0/${place}?${String(new URLSearchParams({ access_token: token, timestamp, signature, ...change }))}`, { method: 'POST', body: text });
  return { status: response.status, body: await response.json() };
}

describe('a simulated GDMS', () => {
  it('gives tokens by password and renews them once', async () => {
    const { status, body } = await grant();
    expect({ status, expires: body.expires_in }).toEqual({ status: 200, expires: 3_600 });
    const renewal = { grant_type: 'refresh_token', refresh_token: body.refresh_token };
    expect((await grant(renewal)).status).toBe(200);
    expect((await grant(renewal)).status).toBe(400);
    expect((await grant({ password: gdms.identity.password })).status).toBe(400);
    expect((await grant({ client_secret: 'x' })).status).toBe(401);
  });

  it('refuses what is not signed over its very bytes, and a token that is over', async () => {
    const { body: { access_token: token } } = await grant();
    expect(await ask(token, 'device/list', {})).toMatchObject({ status: 200, body: { retCode: 0 } });
    expect(await ask(token, 'device/list', {}, { signature: sha256('x') })).toMatchObject({ body: { msg: 'signature error' } });
    expect(await ask(token, 'device/list', {}, { timestamp: '1' })).toMatchObject({ body: { msg: 'signature error' } });
    gdms.set({ expired: 'access' });
    expect(await ask(token, 'device/list', {})).toMatchObject({ status: 401, body: { error: 'invalid_token' } });
    gdms.set({ refusesTokenBy: 'envelope' });
    expect(await ask(token, 'device/list', {})).toMatchObject({ status: 200, body: { retCode: 40004 } });
  });

  it('takes and refuses the devices of a batch one by one, under an answer that is well', async () => {
    const { body: { access_token: token } } = await grant();
    const batch = [{ mac: MAC, sn: '20EZ112233', siteId: 3345 }, { mac: '00:0B:82:44:55:66', sn: '20EZ112233', siteId: 3345 }];
    expect(await ask(token, 'device/add', batch)).toMatchObject({ body: { retCode: 0, data: { success: 1, failure: 1, errorDeviceList: [{ mac: '000B82445566', errorMsg: '30010' }] } } });
    expect(await ask(token, 'device/add', batch)).toMatchObject({ body: { data: { success: 0, failure: 2 } } });
    expect(await ask(token, 'device/list', { mac: '000b82112233' })).toMatchObject({ body: { data: { total: 1, result: [{ mac: MAC, status: 1 }] } } });
    expect(await ask(token, 'device/delete', { macList: [MAC] })).toMatchObject({ body: { retCode: 0 } });
    expect(await ask(token, 'device/list', {})).toMatchObject({ body: { data: { total: 0, pages: 1, result: [] } } });
  });

  it('lists page by page, its own devices alone, and is told of what happens to them', async () => {
    const { body: { access_token: token } } = await grant();
    gdms.set({ devices: [...[1, 2, 3].map((last) => ({ mac: `000b8200000${last}`, status: 'online' as const })), { mac: '000b82000009', isAnothers: true }] });
    expect(await ask(token, 'device/list', { pageNum: 2, pageSize: 2 })).toMatchObject({ body: { data: { total: 3, pages: 2, result: [{ mac: '00:0B:82:00:00:03' }] } } });
    await fetch(`${gdms.url}/control`, { method: 'POST', body: JSON.stringify({ devices: [{ mac: '000b82000001', accounts: [{ sipUserId: '+56-office' }] }] }) });
    expect(await ask(token, 'device/account/status', { mac: '00:0B:82:00:00:01' })).toMatchObject({ body: { data: { accountStatus: 1, sipAccountInfoList: [{ account: 1, sipUserId: '+56-office', accountStatus: 1 }] } } });
    expect(await ask(token, 'task/add', { taskName: 'r', taskType: 1, macList: ['00:0B:82:00:00:01'], execType: 1 })).toMatchObject({ body: { retCode: 0 } });
    expect(gdms.world.own('000b82000001')?.reboots).toBe(1);
  });

  it('refuses more than it takes at once and in a second, and fails as it is told', async () => {
    const { body: { access_token: token } } = await grant();
    gdms.set({ pace: { latencyMs: 50, atOnce: 2 } });
    const answers = await Promise.all([1, 2, 3, 4].map(() => ask(token, 'device/list', {})));
    expect(answers.map(({ status }) => status).toSorted((one, other) => one - other)).toEqual([200, 200, 429, 429]);
    gdms.set({ pace: {}, faults: [{ place: 'device/list', times: 1, does: { what: 'refuse', status: 503 } }] });
    expect((await ask(token, 'device/list', {})).status).toBe(503);
    expect(gdms.requests().every(({ body }) => !JSON.stringify(body).includes(gdms.identity.secretKey))).toBe(true);
  });
});
