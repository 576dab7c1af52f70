import { startGdmsSimulator, type GdmsSimulator } from '@troncal/simulator-gdms';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { GdmsDeviceCloud } from './device-cloud.gdms.js';
import { GdmsHttp } from './gdms/gdms-http.js';
import { gdmsPasswordDigest } from './gdms/gdms-signature.js';

const ANYWHERE = { organization: null, site: null };
const macs = (count: number): string[] => Array.from({ length: count }, (_, index) => `c0:74:ad:00:${Math.floor(index / 256).toString(16).padStart(2, '0')}:${(index % 256).toString(16).padStart(2, '0')}`);

describe('GDMS', () => {
  let gdms: GdmsSimulator;
  let cloud: GdmsDeviceCloud;
  beforeEach(async () => {
    gdms = await startGdmsSimulator();
    const { apiId, secretKey, username, password } = gdms.identity;
    cloud = new GdmsDeviceCloud(new GdmsHttp({ base: gdms.url, credentials: { apiId, secretKey, username, passwordDigest: gdmsPasswordDigest(password) }, patienceMs: 500 }), { registered: ['1', 'Up'], unregistered: ['0'] });
  });
  afterEach(() => gdms.close());
  const answers = (place: string, data: object, times = 1): void => gdms.set({ faults: [{ place, times, does: { what: 'wrong-shape', body: JSON.stringify({ retCode: 0, msg: '', data }) } }] });
  const asked = (): number => gdms.requests().filter(({ place }) => place === 'device/list').length;

  it('is asked for few devices one by one, and read page by page for many', async () => {
    const all = macs(250);
    gdms.set({ devices: all.map((mac) => ({ mac })) });
    expect((await cloud.find(all.slice(0, 3), ANYWHERE)).size).toBe(3);
    expect(asked()).toBe(3);
    gdms.forget();
    expect([...(await cloud.find([...all, 'c0:74:ad:ff:ff:ff'], ANYWHERE)).keys()]).toEqual(all);
    expect(asked()).toBe(3);
  });

  it('is read to its end when it tells no number of pages', async () => {
    const rows = macs(21).map((mac) => ({ mac, status: 1 }));
    answers('device/list', { result: rows });
    // The second page is the simulator's own: empty, and so the end.
    expect((await cloud.find([...macs(21), 'c0:74:ad:ff:ff:ff'], ANYWHERE)).size).toBe(21);
    expect(asked()).toBe(2);
  });

  it('is not believed to lack a device when it answers with others', async () => {
    answers('device/list', { result: [{ mac: '00:0B:82:99:99:99', status: 1 }] });
    await expect(cloud.find(['00:0b:82:11:22:33'], ANYWHERE)).rejects.toMatchObject({ code: 'gdms_wrong_answer' });
  });

  it.each([
    [{ mac: '000B82112233', status: 1, lastTime: 1_780_000_000_000 }, { standing: 'online', lastSeen: '1780000000000' }],
    [{ mac: '00:0B:82:11:22:33', status: '0', siteId: '3345', siteName: 'Default' }, { standing: 'offline', lastSeen: null, site: { id: 3345, name: 'Default' } }],
    [{ mac: '00-0b-82-11-22-33', status: -1 }, { standing: 'abnormal' }],
    [{ mac: '00:0b:82:11:22:33', status: { new: true }, deviceType: null }, { standing: 'unknown', model: null, site: { id: null } }],
  ])('is understood as far as it is known: %j', async (row, device) => {
    answers('device/list', { result: [row] });
    expect((await cloud.find(['00:0b:82:11:22:33'], ANYWHERE)).get('00:0b:82:11:22:33')).toMatchObject(device);
  });

  it('says who is registered by the values that a deployment names, and that others are unknown', async () => {
    answers('device/account/status', { sipAccountInfoList: [{ sipUserId: 'a', accountStatus: 1 }, { sipUserId: 'b', accountStatus: 'Up' }, { sipUserId: 'c', accountStatus: 0 }, { sipUserId: 'd', accountStatus: 7 }, { sipUserId: '' }, {}] });
    expect((await cloud.accountsOn('00:0b:82:11:22:33')).map(({ username, registration }) => [username, registration])).toEqual([['a', 'registered'], ['b', 'registered'], ['c', 'unregistered'], ['d', 'unknown']]);
    answers('device/account/status', { sipAccountInfoList: null });
    expect(await cloud.accountsOn('00:0b:82:11:22:33')).toEqual([]);
  });
});
