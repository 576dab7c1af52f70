import { randomBytes } from 'node:crypto';
import type { DeviceListView, DeviceOutcomesView, DoctorView, TenantDeclarationInput, VerifyView } from '@troncal/contracts';
import { createLogger } from '@troncal/observability';
import { Database } from '@troncal/persistence';
import { startGdmsSimulator, type GdmsSimulator, type Settings } from '@troncal/simulator-gdms';
import { eventually } from '@troncal/testing';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { AtTwilio, DOMAIN, FIRST_KEY, NUMBER, OFFICE } from '../../test/support/at-twilio.js';
import { gdmsPasswordDigest } from './gdms/gdms-signature.js';

const CODE = 'oficina_principal';
const DESK = '00:0b:82:11:22:33';
const GATE = '00:0b:82:44:55:66';
const YEALINK = '80:5e:c0:11:22:33';
const MANY = Array.from({ length: 21 }, (_, index) => `c0:74:ad:00:00:${index.toString(16).padStart(2, '0')}`);
const MISLABELLED = 'c0:74:ad:ff:ff:01';
const serialOf = (mac: string): string => `20EZ${mac.replaceAll(':', '').slice(-6).toUpperCase()}`;

const [office, security] = OFFICE.endpoints ?? [];
/** Two Grandstreams, one without its serial number, and a telephone of another maker. */
const WITH_DEVICES: TenantDeclarationInput = {
  ...OFFICE,
  endpoints: [
    { ...office!, device: { model: 'GRP2612', mac: '000B82112233', serial: serialOf(DESK) } },
    { ...security!, device: { model: 'GXP1625', mac: GATE } },
    { extension: '203', role: 'gate', device: { model: 'T46U', mac: YEALINK } },
  ],
};
const BIG: TenantDeclarationInput = {
  tenant: 'MANY_PHONES', name: 'Many phones', country: 'CL', timeZone: 'America/Santiago', numbers: [{ have: 'owned', e164: '+56223456789' }], emergency: { acknowledged: true },
  endpoints: [...MANY, MISLABELLED].map((mac, index) => ({ extension: String(400 + index), role: `phone_${String(index)}`, device: { model: 'GRP2602', mac, serial: mac === MISLABELLED ? serialOf(DESK) : serialOf(mac) } })),
  routes: { main: { name: 'Main', start: 'bye', nodes: { bye: { kind: 'hangup' } } } },
};

describe('telephones at GDMS', () => {
  let gdms: GdmsSimulator;
  let at: AtTwilio;
  beforeAll(async () => {
    gdms = await startGdmsSimulator();
    at = await AtTwilio.start({}, { GDMS_API_URL: gdms.url });
    await at.apply([WITH_DEVICES, BIG]);
  });
  afterAll(async () => {
    await at?.stop();
    await gdms?.close();
  });
  beforeEach(() => {
    gdms.forget();
    gdms.set({ pace: {}, removed: [DESK, GATE, ...MANY] });
  });

  const account = (change: object = {}) => ({ region: 'us', apiId: gdms.identity.apiId, secretKey: gdms.identity.secretKey, username: gdms.identity.username, password: gdms.identity.password, ...change });
  const list = (tenant = CODE): Promise<DeviceListView> => at.under.api.expect<DeviceListView>('GET', at.path(`tenants/${tenant}/devices`));
  const add = (body: object = {}, tenant = CODE): Promise<DeviceOutcomesView> => at.under.api.expect<DeviceOutcomesView>('POST', at.path(`tenants/${tenant}/devices/add`), body);
  const reboot = (body: object = {}): Promise<DeviceOutcomesView> => at.under.api.expect<DeviceOutcomesView>('POST', at.path(`tenants/${CODE}/devices/reboot`), body);
  const verify = (): Promise<VerifyView> => at.under.api.expect<VerifyView>('GET', at.path(`tenants/${CODE}/verify`));
  const checks = async () => (await verify()).checks.filter(({ check }) => check === 'device');
  const asked = (place: string): number => gdms.requests().filter((request) => request.place === place).length;
  const fails = (place: string, does: NonNullable<Settings['faults']>[number]['does'], times = 1): void => gdms.set({ faults: [{ place, times, does }] });

  it('are said to be unknown without an account, and can’t be added', async () => {
    expect((await list()).devices).toMatchObject([{ mac: DESK, extensions: ['201'], seen: 'not-asked', says: 'Its environment has no account at GDMS.', manual: [] }, { mac: GATE }, { mac: YEALINK }]);
    expect(await checks()).toMatchObject([{ about: `201 ${DESK}`, state: 'unknown' }, { state: 'unknown' }, { state: 'unknown' }]);
    expect(await at.under.api.send('POST', at.path(`tenants/${CODE}/devices/add`), {})).toMatchObject({ status: 409, body: { code: 'no_gdms_account' } });
    expect(await at.under.api.send('PUT', at.path('gdms', 'none'), account())).toMatchObject({ status: 404, body: { code: 'unknown_environment' } });
  });

  it('have an account whose secrets go in, are sealed, and never come out', async () => {
    expect(await at.under.api.expect('PUT', at.path('gdms'), account({ password: 'wrong' }))).toMatchObject({ revision: 1 });
    expect(await at.under.api.send('GET', at.path('gdms/sites'))).toMatchObject({ status: 409, body: { code: 'gdms_credentials_refused' } });
    // Another account is another client: what was refused before says nothing of it.
    const put = await at.under.api.send('PUT', at.path('gdms'), account());
    const shown = await at.under.api.send('GET', at.path('gdms'));
    expect(await at.under.api.expect('GET', at.path('gdms/sites'))).toMatchObject({ sites: [{ id: 3345, name: 'Default', isDefault: true }, { isDefault: false }] });
    const { secretKey, password } = gdms.identity;
    const secrets = [secretKey, password, gdmsPasswordDigest(password)];
    for (const secret of secrets) expect(JSON.stringify([put, shown])).not.toContain(secret);

    const db = new Database({ url: at.under.database.appUrl, schema: at.under.database.schema, logger: createLogger({ service: 'spec', level: 'silent' }), applicationName: 'spec' });
    const keyOf = async (environment: string): Promise<string | undefined> => (await db.query<{ key_id: string }>('SELECT key_id FROM gdms_accounts WHERE environment = $1', [environment]))[0]?.key_id;
    try {
      const rows = JSON.stringify(await db.query(`SELECT g::text AS row, encode(sealed_secrets, 'escape') AS sealed FROM gdms_accounts g`));
      for (const secret of secrets) expect(rows).not.toContain(secret);
      // What was damaged keeps no other from being sealed anew, though it comes before it.
      await at.environment('damaged', 'damaged.sip.twilio.com');
      await at.under.api.expect('PUT', at.path('gdms', 'damaged'), account());
      await db.query(`UPDATE gdms_accounts SET sealed_secrets = sealed_secrets || '\\x00' WHERE environment = 'damaged'`);
      const before = await keyOf('prod');
      await at.under.restart({ CREDENTIALS_KEY: `${randomBytes(32).toString('hex')}\n${FIRST_KEY}` });
      await eventually('they are sealed with the new key', async () => (await keyOf('prod')) !== before);
      expect(await keyOf('damaged')).toBe(before);
    } finally {
      await db.close();
    }
    expect(await at.under.api.expect('GET', at.path('gdms/sites'))).toMatchObject({ sites: [{}, {}] });
  });

  it('are added once, and what can’t be by the API is told as a person’s to do', async () => {
    expect((await list()).devices).toMatchObject([
      { mac: DESK, seen: 'absent', next: 'add', manual: [{ do: 'bind-account', extension: '201', username: `${NUMBER}-office`, server: DOMAIN }, { do: 'assign-template', model: 'GRP2612' }] },
      { mac: GATE, seen: 'absent', next: 'by-hand', manual: [{ do: 'add-device' }, { do: 'bind-account' }, { do: 'assign-template' }] },
      { mac: YEALINK, seen: 'not-asked', next: 'nothing', manual: [] },
    ]);
    const { outcomes } = await add();
    expect(outcomes).toMatchObject([{ mac: DESK, outcome: 'added', manual: [{ do: 'bind-account' }, { do: 'assign-template' }] }, { mac: GATE, outcome: 'by-hand', manual: [{ do: 'add-device' }, {}, {}] }, { mac: YEALINK, outcome: 'left-alone' }]);
    expect((await add()).outcomes).toMatchObject([{ outcome: 'there' }, {}, {}]);
    expect(asked('device/add')).toBe(1);
    expect(gdms.world.own(DESK)).toMatchObject({ sn: serialOf(DESK), siteId: 3345, deviceName: 'Oficina Principal 201' });
  });

  it('are told apart from what another customer has, and from what nobody declares', async () => {
    gdms.set({ devices: [{ mac: DESK, isAnothers: true }] });
    expect((await add({ macs: [DESK] })).outcomes).toMatchObject([{ outcome: 'refused', says: expect.stringContaining('another account') as string, manual: [] }]);
    gdms.set({ devices: [{ mac: DESK, isAnothers: false }] });
    expect(await at.under.api.send('POST', at.path(`tenants/${CODE}/devices/add`), { macs: ['00:00:00:00:00:01'] })).toMatchObject({ status: 404, body: { code: 'unknown_device' } });
  });

  it.each<[string, string, Parameters<typeof fails>[1], number, number]>([
    ['a connection that ends when it was done', 'device/add', { what: 'cut-after' }, 1, 1],
    ['a connection that ends before', 'device/add', { what: 'cut-before' }, 1, 2],
    ['a 500', 'device/add', { what: 'refuse', status: 500 }, 1, 2],
    ['one too many', 'device/add', { what: 'refuse', status: 429 }, 2, 3],
    ['an answer in another shape', 'device/add', { what: 'wrong-shape', body: '{"retCode":0,"data":{"errorDeviceList":3}}' }, 1, 1],
    ['a token that is over', 'device/add', { what: 'refuse', status: 401 }, 1, 2],
    ['a look that fails', 'device/list', { what: 'refuse', status: 503 }, 2, 1],
  ])('are there once after %s', async (_, place, does, times, requests) => {
    fails(place, does, times);
    expect((await add({ macs: [DESK] })).outcomes).toMatchObject([{ mac: DESK, outcome: 'added' }]);
    expect(asked('device/add')).toBe(requests);
    expect(gdms.world.all().filter(({ mac }) => mac.toLowerCase() === DESK)).toHaveLength(1);
  });

  it('are there once when two add them at the same time', async () => {
    gdms.set({ pace: { latencyMs: 60 } });
    const both = await Promise.all([add({ macs: [DESK] }), add({ macs: [DESK] })]);
    expect(both.flatMap(({ outcomes }) => outcomes.map(({ outcome }) => outcome)).toSorted()).toEqual(['added', 'there']);
    expect(gdms.world.all().filter(({ mac }) => mac.toLowerCase() === DESK)).toHaveLength(1);
  });

  it('are added and looked for many at a time, and refused one by one with the reason', async () => {
    const { outcomes } = await add({}, 'many_phones');
    expect(outcomes.filter(({ outcome }) => outcome === 'added')).toHaveLength(MANY.length);
    expect(outcomes.filter(({ outcome }) => outcome !== 'added')).toMatchObject([{ mac: MISLABELLED, outcome: 'refused', says: expect.stringContaining('serial number is not this device’s') as string }]);
    expect(asked('device/add')).toBe(1);
    gdms.forget();
    expect((await list('many_phones')).devices.filter(({ seen }) => seen === 'online')).toHaveLength(MANY.length);
    expect(asked('device/list')).toBe(1);
  });

  it('reboot when GDMS reaches them, and never twice', async () => {
    gdms.set({ devices: [{ mac: DESK, status: 'online' }, { mac: GATE, status: 'offline' }] });
    expect((await reboot()).outcomes).toMatchObject([{ mac: DESK, outcome: 'rebooted' }, { mac: GATE, outcome: 'not-online' }, { mac: YEALINK, outcome: 'left-alone' }]);
    fails('task/add', { what: 'cut-after' });
    expect((await reboot({ macs: [DESK] })).outcomes).toMatchObject([{ outcome: 'unknown', says: expect.stringContaining('not given again') as string }]);
    expect(gdms.world.own(DESK)?.reboots).toBe(2);
    expect(gdms.world.own(GATE)?.reboots).toBe(0);
  });

  it('have their sheets named by their address, without its being told again', async () => {
    const { sheets } = await at.under.api.expect<{ sheets: { fileName: string }[] }>('POST', `/api/tenants/${CODE}/sheets`, { environment: 'prod', endpoints: ['201', '202'], kinds: ['grandstream'], macs: { 202: '00:0b:82:00:00:0a' } });
    expect(sheets.map(({ fileName }) => fileName)).toEqual(['cfg000b82112233.xml', 'cfg000b8200000a.xml']);
  });

  it('are among what verify and doctor tell, with what it is inferred from', async () => {
    const bound = (isRegistered: boolean) => [{ sipUserId: `${NUMBER}-office`, sipServer: DOMAIN, isRegistered }];
    gdms.set({ devices: [{ mac: DESK, status: 'online', accounts: bound(true) }] });
    expect(await checks()).toMatchObject([
      { about: `201 ${DESK}`, state: 'ok', says: `Online, last seen 2026-11-30 14:02:11 as GDMS writes it; ${NUMBER}-office registered.`, inferredFrom: expect.stringContaining('device/account/status') as string },
      { about: `202 ${GATE}`, state: 'wrong', says: expect.stringContaining('does not show it') as string, remedy: expect.stringContaining('troncal devices add') as string },
      { about: `203 ${YEALINK}`, state: 'unknown' },
    ]);
    gdms.set({ devices: [{ mac: DESK, status: 'online', accounts: bound(false) }, { mac: GATE, status: 'offline', accounts: [] }] });
    expect(await checks()).toMatchObject([{ state: 'wrong', says: expect.stringContaining('not registered') as string }, { state: 'wrong', says: expect.stringContaining('Offline') as string }, {}]);
    const { findings } = await at.under.api.expect<DoctorView>('GET', at.path('doctor'));
    const ofDevices = findings.filter(({ found }) => found.startsWith('device'));
    expect(ofDevices).toHaveLength(2 + MANY.length + 1);
    expect(ofDevices.filter(({ tenant }) => tenant === CODE)).toMatchObject([
      { trouble: 'not-registered', found: `device 201 ${DESK}`, cause: expect.stringContaining('not registered') as string, cure: expect.stringContaining('troncal sheets issue') as string },
      { trouble: 'not-registered', found: `device 202 ${GATE}` },
    ]);
  });

  it('keep verify from nothing when GDMS is away', async () => {
    fails('device/list', { what: 'wrong-shape', body: '<html>' }, 1_000);
    expect(await checks()).toMatchObject([{ state: 'unknown', says: expect.stringContaining('GDMS does not answer') as string }, { state: 'unknown' }, { state: 'unknown' }]);
    expect((await verify()).checks.find(({ check }) => check === 'sip-user')).toMatchObject({ state: 'ok' });
  });
});
