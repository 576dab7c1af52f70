import { DriftDetectedV1, DriftRepairedV1, type DriftView } from '@troncal/contracts';
import type { Twilio } from 'twilio';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { AtTwilio, DOMAIN, NUMBER, OFFICE } from '../../test/support/at-twilio.js';

describe('drift', () => {
  let at: AtTwilio;
  let byHand: Twilio;
  beforeAll(async () => {
    at = await AtTwilio.start();
    byHand = at.byHand();
    await at.apply([{ ...OFFICE, outbound: { countries: ['CL'] } }]);
  });
  afterAll(() => at.stop());

  const look = (): Promise<DriftView> => at.under.api.expect<DriftView>('POST', at.path('drift'));

  it('is none after an apply, found in seven reads and no change', async () => {
    at.twilio.forget();
    expect(await look()).toMatchObject({ differences: [], reads: 7 });
    expect(at.twilio.requests().map(({ method }) => method)).toEqual(Array.from({ length: 7 }, () => 'GET'));
  });

  it('is told once, with what would mend it, and repaired on request', async () => {
    const ana = { who: 'ana', from: 'console' as const, ip: '198.51.100.7' };
    at.twilio.set({
      byHand: [
        { ...ana, do: { verb: 'set', number: NUMBER, with: { VoiceUrl: 'https://elsewhere.example.com/' } } },
        { ...ana, do: { verb: 'remove', list: 'OFICINA_PRINCIPAL_Credentials', username: `${NUMBER}-security` } },
      ],
    });

    await byHand.voice.v1.dialingPermissions.bulkCountryUpdates.create({ updateRequest: JSON.stringify([{ iso_code: 'CL', low_risk_numbers_enabled: 'false' }]) });

    const { differences } = await look();
    // Twilio has no events of permissions.
    for (const { by } of differences.slice(0, 2)) expect(by).toMatch(/^US[0-9a-f]{32} \(web\) from 198\.51\.100\.7 on 20/);
    expect(differences.map(({ key, tenant, says }) => ({ key, tenant, says }))).toEqual([
      { key: `user:OFICINA_PRINCIPAL_Credentials/${NUMBER}-security`, tenant: 'oficina_principal', says: `makes the SIP user ${NUMBER}-security` },
      { key: `number:${NUMBER}`, tenant: 'oficina_principal', says: `changes ${NUMBER}: where its calls are answered` },
      { key: 'permissions', tenant: '_', says: 'lets the account call CL' },
    ]);
    const told = (): number => at.under.events.filter(({ envelope }) => envelope.type === DriftDetectedV1.type).length;
    await at.under.seen(DriftDetectedV1, ({ data }) => data.environment === 'prod' && data.differences.length === 3);
    await look();
    expect(told()).toBe(1);

    expect(await at.run('POST', 'repair')).toMatchObject({ kind: 'repair', state: 'whole' });
    await at.under.seen(DriftRepairedV1, ({ data }) => data.keys.length === 3);
    expect(await look()).toMatchObject({ differences: [] });
  });

  it('is looked for by itself, and repaired where the environment says so', async () => {
    const [number] = await byHand.incomingPhoneNumbers.list({ phoneNumber: NUMBER });
    await number?.update({ friendlyName: 'renamed' });
    await at.environment('prod', DOMAIN, { repair: 'automatic' });
    await at.under.restart({ DRIFT_CHECK_SECONDS: '1' });
    await at.under.seen(DriftRepairedV1, ({ data }) => data.keys.length === 1);
    expect(at.twilio.world.main.numbers.having('phone_number', NUMBER)?.attributes['friendly_name']).toBe('Oficina Principal');
  });
});
