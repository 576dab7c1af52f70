import { describe, expect, it } from 'vitest';
import { isAsPublished, useSimulator } from '../../test/support/use-simulator.js';

const lab = useSimulator();

describe('prices of SIMULATED Twilio', () => {
  it('tell what a number costs a month, and a minute in and out', async () => {
    const { pricing } = lab.sdk;
    expect((await pricing.v1.phoneNumbers.countries('CL').fetch()).phoneNumberPrices).toContainEqual(expect.objectContaining({ numberType: 'local', currentPrice: '7.00' }));
    const voice = await pricing.v2.voice.countries('CL').fetch();
    expect(voice.inboundCallPrices).toContainEqual(expect.objectContaining({ numberType: 'local', currentPrice: '0.0110' }));
    expect(voice.outboundPrefixPrices).toContainEqual(expect.objectContaining({ destinationPrefixes: ['569'], originationPrefixes: ['ALL'], currentPrice: '0.0750' }));
    expect((await pricing.v1.voice.countries('US').fetch()).outboundPrefixPrices).toContainEqual(expect.objectContaining({ prefixes: ['1907'] }));
    expect((await pricing.v2.countries('CL').fetch()).terminatingPrefixPrices.length).toBeGreaterThan(0);
  });

  it('are of the longest beginning that fits a number', async () => {
    const minuteTo = async (number: string) => (await lab.sdk.pricing.v2.voice.numbers(number).fetch()).outboundCallPrices[0]!.currentPrice;
    expect([await minuteTo('+56229145248'), await minuteTo('+56988800000'), await minuteTo('+56600123456'), await minuteTo('+8816123456789'), await minuteTo('+59171234567')]).toEqual(['0.0350', '0.0750', '0.6500', '9.5000', '0.1000']);
    expect((await lab.sdk.pricing.v1.voice.numbers('+56988800000').fetch()).outboundCallPrice).toMatchObject({ currentPrice: '0.0750' });
  });

  it('change when they are told to', async () => {
    lab.simulator.set({ prices: [{ country: 'CL', numbers: [{ type: 'local', monthly: '12.50' }] }] });
    expect((await lab.sdk.pricing.v1.phoneNumbers.countries('CL').fetch()).phoneNumberPrices).toMatchObject([{ numberType: 'local', basePrice: '12.50', currentPrice: '12.50' }]);
  });

  it('are listed by country, over pages', async () => {
    const countries = await lab.sdk.pricing.v2.voice.countries.list({ pageSize: 7 });
    expect(countries.map(({ isoCountry }) => isoCountry)).toEqual(expect.arrayContaining(['CL', 'US', 'VE']));
    await expect(lab.sdk.pricing.v1.voice.countries('ZZ').fetch()).rejects.toMatchObject({ status: 404 });
    await expect(lab.sdk.pricing.v2.voice.numbers('12').fetch()).rejects.toMatchObject({ status: 400, code: 21401 });
  });

  isAsPublished(lab, 12);
});
