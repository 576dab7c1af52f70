import type { DeviceOutcomesView } from '@troncal/contracts';
import { startGdmsSimulator, type GdmsSimulator } from '@troncal/simulator-gdms';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { MortalProvisioning } from '../../test/support/mortal-provisioning.js';

const MAC = '00:0b:82:11:22:33';
const TENANT = {
  tenant: 'mortal', name: 'Mortal', country: 'US', timeZone: 'America/Los_Angeles', numbers: [{ have: 'buy', e164: '+15035561000' }],
  endpoints: [{ extension: '201', role: 'office', device: { model: 'GRP2612', mac: MAC, serial: '20EZ112233' } }],
  routes: { main: { name: 'Main', start: 'bye', nodes: { bye: { kind: 'hangup' } } } },
};

describe('provisioning killed while it adds telephones at GDMS', { timeout: 300_000 }, () => {
  let gdms: GdmsSimulator;
  let at: MortalProvisioning;
  const add = (): Promise<DeviceOutcomesView> => at.api.expect<DeviceOutcomesView>('POST', '/api/environments/prod/tenants/mortal/devices/add', {});
  beforeAll(async () => {
    gdms = await startGdmsSimulator();
    at = await MortalProvisioning.open({ stock: [{ phoneNumber: '+15035561000', country: 'US', type: 'Local' }] }, { GDMS_API_URL: gdms.url });
    const { apiId, secretKey, username, password } = gdms.identity;
    await at.api.expect('PUT', '/api/environments/prod/gdms', { apiId, secretKey, username, password });
    await at.api.expect('POST', '/api/environments/prod/apply', { declarations: [TENANT] });
    await at.idle();
  });
  afterAll(async () => {
    await at?.stop();
    await gdms?.close();
  });
  beforeEach(() => gdms.set({ removed: [MAC] }));

  it.each([['before it asks', 'devices.looked', 'added'], ['after it asked', 'devices.asked', 'there']])('has each there once: %s', async (_, point, outcome) => {
    await at.dieAt(point, add);
    await at.start();
    gdms.forget();
    expect((await add()).outcomes).toMatchObject([{ outcome }]);
    expect(gdms.requests().filter(({ place }) => place === 'device/add')).toHaveLength(outcome === 'added' ? 1 : 0);
    expect(gdms.world.all()).toHaveLength(1);
  });
});
