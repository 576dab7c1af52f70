import { describe, expect, it } from 'vitest';
import { isAsPublished, useSimulator } from '../../test/support/use-simulator.js';

const lab = useSimulator();
const permissions = () => lab.sdk.voice.v1.dialingPermissions;
const update = (...countries: object[]) => permissions().bulkCountryUpdates.create({ updateRequest: JSON.stringify(countries) });

describe('dialing permissions of SIMULATED Twilio', () => {
  it('are of one’s own country at first, and changed by country', async () => {
    expect((await permissions().countries.list({ lowRiskNumbersEnabled: true })).map(({ isoCode }) => isoCode)).toEqual(['US']);
    expect(await update({ iso_code: 'CL', low_risk_numbers_enabled: 'true' }, { iso_code: 'US', low_risk_numbers_enabled: 'false' })).toMatchObject({ updateCount: 2 });
    expect(await permissions().countries('CL').fetch()).toMatchObject({ lowRiskNumbersEnabled: true, highRiskSpecialNumbersEnabled: false, highRiskTollfraudNumbersEnabled: false, countryCodes: ['+56'] });
    expect((await permissions().countries.list({ lowRiskNumbersEnabled: true })).map(({ isoCode }) => isoCode)).toEqual(['CL']);
    expect((await permissions().countries('CL').highriskSpecialPrefixes.list()).map(({ prefix }) => prefix)).toContain('+56600');
    const { dialing } = lab.simulator.world.main;
    expect([dialing.allows('+56229145248'), dialing.allows('+56600123456'), dialing.allows('+15035550100')]).toEqual([true, false, false]);
  });

  it('tell in the audit log who changed them', async () => {
    lab.simulator.set({ byHand: [{ who: 'ana', from: 'console', do: { verb: 'set', countries: [{ iso_code: 'CU', low_risk_numbers_enabled: true }] } }] });
    expect(await permissions().countries('CU').fetch()).toMatchObject({ lowRiskNumbersEnabled: true });
    expect(await lab.sdk.monitor.v1.events.list()).toMatchObject([{ eventType: 'voice-geographic-permissions.updated', source: 'web', eventData: { iso_code: 'CU', previous: { low: false }, updated: { low: true } } }]);
  });

  it('are a subaccount’s parent’s until it has its own', async () => {
    const { sid, authToken } = await lab.sdk.api.v2010.accounts.create({ friendlyName: 'PLAZA' });
    const theirs = lab.as(sid, authToken);
    await update({ iso_code: 'CL', low_risk_numbers_enabled: true });
    expect((await theirs.voice.v1.dialingPermissions.countries('CL').fetch()).lowRiskNumbersEnabled).toBe(true);
    await theirs.voice.v1.dialingPermissions.settings().update({ dialingPermissionsInheritance: false });
    expect((await theirs.voice.v1.dialingPermissions.countries('CL').fetch()).lowRiskNumbersEnabled).toBe(false);
    expect((await theirs.voice.v1.dialingPermissions.settings().fetch()).dialingPermissionsInheritance).toBe(false);
  });

  it.each([
    ['what is no JSON', () => permissions().bulkCountryUpdates.create({ updateRequest: '[{' })],
    ['a country that isn’t', () => update({ iso_code: 'ZZ', low_risk_numbers_enabled: true })],
    ['a slip of the pen', () => update({ iso_code: 'CL', low_risk_enabled: true })],
  ])('refuse %s', async (_, act) => {
    await expect(act()).rejects.toMatchObject({ status: 400, code: 20001 });
  });

  isAsPublished(lab, 15);
});
