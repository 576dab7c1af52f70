import { ManualClock, systemClock } from '@troncal/kernel';
import { createLogger } from '@troncal/observability';
import { migrate } from '@troncal/persistence';
import { startTwilioSimulator, type TwilioSimulator } from '@troncal/simulator-twilio';
import { eventually, sharedPostgres, type TestDatabase } from '@troncal/testing';
import twilio from 'twilio';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { fileURLToPath } from 'node:url';
import { community, dials, gist, openDesk, type OpenDesk } from '../../test/outbound-lab.js';
import { TwilioHttp } from '../twilio/http/twilio-http.js';
import { TwilioRateSource } from './rate-source.twilio.js';
import { RefreshRates } from './refresh-rates.js';

const silent = createLogger({ service: 'spec', level: 'silent' });

describe('the prices of calls', () => {
  let simulator: TwilioSimulator;
  let database: TestDatabase;
  let open: OpenDesk;
  beforeAll(async () => {
    simulator = await startTwilioSimulator();
    database = await (await sharedPostgres()).createDatabase('provisioning');
    await migrate({ ownerUrl: database.ownerUrl, schema: database.schema, appRole: database.appRole, sets: [{ set: 'provisioning', folder: fileURLToPath(new URL('../../migrations/', import.meta.url)) }], logger: silent });
    open = openDesk(database, { settings: { OUTBOUND_DEFAULT_RATE_MICROS: undefined } });
  });
  afterAll(async () => {
    await open?.close();
    await simulator?.close();
  });

  const source = (timeoutMs = 5_000): TwilioRateSource => new TwilioRateSource(twilio(simulator.accountSid, simulator.authToken, { httpClient: new TwilioHttp({ base: simulator.url, timeoutMs }) }));
  const refresh = (countries: readonly string[]) => new RefreshRates(open.rates, systemClock, silent).run(source(), countries);
  const minuteTo = async (number: string): Promise<number | undefined> => (await open.prices.find(open.db, number, 'USD'))?.perMinuteMicros;

  it('come from Twilio, by the longest prefix of the number’s own country', async () => {
    expect(await refresh(['CL', 'US', 'CL'])).toMatchObject({ failed: [] });
    expect([await minuteTo('+56229145248'), await minuteTo('+56988800000')]).toEqual([35_000, 75_000]);
    expect(await minuteTo('+18095551234')).toBeUndefined();
    expect(await minuteTo('+51987654321')).toBeUndefined();
  });

  it('are replaced whole, and stay when they can’t be read', async () => {
    simulator.set({ prices: [{ country: 'CL', outbound: [{ name: 'Chile', prefixes: ['56'], minute: '0.0421' }, { name: 'Chile, far', prefixes: ['5655'], minute: '0.0612' }, { name: 'Chile, from elsewhere', prefixes: ['56'], minute: '0.0500' }] }] });
    expect(await refresh(['CL', 'ZZ'])).toMatchObject({ prefixes: 2, failed: [{ country: 'ZZ' }] });
    expect([await minuteTo('+56229145248'), await minuteTo('+56988800000'), await minuteTo('+56552345678')]).toEqual([50_000, 50_000, 61_200]);
    simulator.set({ faults: [{ method: 'GET', times: 10, does: { what: 'wrong-shape', body: '{"outbound_prefix_prices":[{"destination_prefixes":["56"],"current_price":"cheap"}],"price_unit":"USD"}' } }] });
    expect(await refresh(['CL'])).toMatchObject({ prefixes: 0, failed: [{ country: 'CL', why: expect.stringContaining('another form') as string }] });
    expect(await minuteTo('+56229145248')).toBe(50_000);
  });

  it('are read at the first call to a country, and again when they are a day old', async () => {
    simulator.set({ faults: [], prices: [{ country: 'US', outbound: [{ name: 'United States', prefixes: ['1'], minute: '0.0140' }] }] });
    await open.db.run("DELETE FROM rates WHERE country = 'US'");
    const clock = new ManualClock('2026-11-30T15:00:00Z');
    const calling = openDesk(database, { clock, source: source(), settings: { OUTBOUND_DEFAULT_RATE_MICROS: undefined } });
    const call = async (key: string): Promise<string> => gist(await calling.desk.decide(dials(community('first'), '+1 212 555 2368', key)));
    const asked = (): number => simulator.requests().filter(({ place }) => place.endsWith('/Voice/Countries/US')).length;
    try {
      const before = asked();
      expect([await call('first-1'), await call('first-2')]).toEqual(['number', 'number']);
      expect(await minuteTo('+12125552368')).toBe(14_000);
      expect(asked()).toBe(before + 1);
      simulator.set({ prices: [{ country: 'US', outbound: [{ name: 'United States', prefixes: ['1'], minute: '0.0180' }] }] });
      clock.advance(25 * 3_600_000);
      expect(await call('first-3')).toBe('number');
      await eventually('the new price is known', async () => (await minuteTo('+12125552368')) === 18_000);
      expect(asked()).toBe(before + 2);
    } finally {
      await calling.close();
    }
  });

  it('are not waited for when they don’t come: the price for unknown ones holds', async () => {
    simulator.set({ faults: [{ method: 'GET', times: 10, does: { what: 'hang-after' } }] });
    await open.db.run("DELETE FROM rates WHERE country = 'US'");
    // Whoever waited for it would wait for longer than this spec is.
    const calling = openDesk(database, { source: source(300_000) });
    try {
      expect(gist(await calling.desk.decide(dials(community('hanging'), '+1 212 555 2368', 'hanging-1')))).toBe('number');
      expect(await minuteTo('+12125552368')).toBeUndefined();
    } finally {
      await calling.close();
      simulator.set({ faults: [] });
    }
  });
});
