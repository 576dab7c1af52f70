import { describe, expect, it } from 'vitest';
import { isAsPublished, useSimulator } from '../../test/support/use-simulator.js';

const lab = useSimulator();
const address = (options: object = {}) => lab.sdk.addresses.create({ customerName: 'Plaza', street: 'Alameda 1', city: 'Santiago', region: 'RM', postalCode: '8320000', isoCountry: 'CL', ...options });
const american = (options: object = {}) => address({ city: 'Portland', region: 'OR', postalCode: '97201', isoCountry: 'US', ...options });
const wanting = (addressRequirements: 'any' | 'local' | 'foreign', phoneNumber = '+5491155550100'): string => {
  lab.simulator.set({ stock: [{ phoneNumber, country: 'AR', type: 'Local', addressRequirements }] });
  return phoneNumber;
};
const buy = (phoneNumber: string, options: object = {}) => lab.sdk.incomingPhoneNumbers.create({ phoneNumber, ...options });

describe('addresses of SIMULATED Twilio', () => {
  it('are made, found, changed and removed', async () => {
    const { sid } = await address({ friendlyName: 'Plaza' });
    await address({ customerName: 'Torres' });
    await lab.sdk.addresses(sid).update({ street: 'Alameda 2' });
    expect(await lab.sdk.addresses.list({ customerName: 'Plaza' })).toMatchObject([{ street: 'Alameda 2', emergencyEnabled: false, isoCountry: 'CL' }]);
    await lab.sdk.addresses(sid).remove();
    expect((await lab.sdk.addresses.list({ isoCountry: 'CL' })).length).toBe(1);
  });

  it('are told of when numbers are searched, which may be asked for without', async () => {
    const argentina = lab.sdk.availablePhoneNumbers('AR').local;
    expect(new Set((await argentina.list()).map(({ addressRequirements }) => addressRequirements))).toEqual(new Set(['local']));
    expect(await argentina.list({ excludeAllAddressRequired: true })).toEqual([]);
  });

  it('are what some numbers can’t be had without', async () => {
    const { sid: chilean } = await address();
    const { sid: argentine } = await address({ isoCountry: 'AR' });
    const number = await buy(wanting('local'), { addressSid: argentine });
    expect((await lab.sdk.addresses(argentine).dependentPhoneNumbers.list()).map(({ phoneNumber }) => phoneNumber as unknown)).toEqual([number.phoneNumber]);
    await buy(wanting('any', '+5491155550101'), { addressSid: chilean });
    await buy(wanting('foreign', '+5491155550102'), { addressSid: chilean });
  });

  it.each<readonly [string, number, () => Promise<unknown>]>([
    ['a number that wants a local one, without', 21615, () => buy(wanting('local'))],
    ['a number that wants a local one, with one of elsewhere', 21615, async () => buy(wanting('local'), { addressSid: (await address()).sid })],
    ['a number that wants any, without', 21631, () => buy(wanting('any'))],
    ['a number that wants a foreign one, with a local one', 21631, async () => buy(wanting('foreign'), { addressSid: (await address({ isoCountry: 'AR' })).sid })],
    ['a number with one that isn’t there', 21631, () => buy('+15035550100', { addressSid: `AD${'0'.repeat(32)}` })],
    ['emergency calling in Chile', 21628, () => address({ emergencyEnabled: true })],
    ['an emergency address that wasn’t made for it', 21628, async () => buy('+15035550100', { emergencyAddressSid: (await american()).sid })],
    ['the end of one that a number uses', 21628, async () => {
      const { sid } = await address();
      await buy(wanting('any'), { addressSid: sid });
      return lab.sdk.addresses(sid).remove();
    }],
    ['a change of one that a document uses', 21630, async () => {
      const { sid } = await address();
      await lab.sdk.numbers.v2.regulatoryCompliance.supportingDocuments.create({ friendlyName: 'bill', type: 'utility_bill', attributes: { address_sids: [sid] } });
      return lab.sdk.addresses(sid).update({ street: 'Alameda 3' });
    }],
  ])('refuse %s', async (_, code, act) => {
    await expect(act()).rejects.toMatchObject({ status: 400, code });
  });

  it('hold a number while they are its emergency address', async () => {
    const { sid } = await american({ emergencyEnabled: true });
    const number = await buy('+15035550100', { emergencyAddressSid: sid });
    expect(number).toMatchObject({ emergencyAddressStatus: 'registered', emergencyStatus: 'Active' });
    await expect(lab.sdk.incomingPhoneNumbers(number.sid).remove()).rejects.toMatchObject({ status: 400 });
    expect(await lab.sdk.incomingPhoneNumbers(number.sid).update({ emergencyAddressSid: '' })).toMatchObject({ emergencyAddressStatus: 'unregistered', emergencyStatus: 'Inactive' });
    await lab.sdk.incomingPhoneNumbers(number.sid).remove();
    expect(await lab.sdk.incomingPhoneNumbers.list()).toEqual([]);
  });

  isAsPublished(lab, 25);
});
