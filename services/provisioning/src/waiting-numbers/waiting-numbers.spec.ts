import { BundleReviewedV1, PortInChangedV1, type DeclaredTenantView, type runListSchema } from '@troncal/contracts';
import { eventually } from '@troncal/testing';
import type { Twilio } from 'twilio';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { z } from 'zod';
import { AtTwilio, DOMAIN, NUMBER, OFFICE } from '../../test/support/at-twilio.js';
import { TwilioAsks } from '../../test/support/twilio-asks.js';

const [SECOND, PORTED, BROUGHT] = ['+56223456789', '+15035561000', '+15035561001'];
const REQUEST = `KW${'1'.repeat(32)}`;
const plain = (tenant: string, numbers: readonly object[], country = 'CL') => ({ ...OFFICE, tenant, country, numbers, endpoints: [] });

describe('numbers that wait for people', () => {
  let at: AtTwilio;
  let byHand: Twilio;
  let url: string;

  beforeAll(async () => {
    at = await AtTwilio.start({
      stock: [
        ...[NUMBER, SECOND].map((phoneNumber) => ({ phoneNumber, country: 'CL', type: 'Local' as const, bundleRequired: true })),
        ...[PORTED, BROUGHT].map((phoneNumber) => ({ phoneNumber, country: 'US', type: 'Local' as const })),
      ],
    });
    url = at.under.api.url;
    byHand = at.byHand();
    await at.environment('prod', DOMAIN, { publicUrl: url });
    await known();
  });
  afterAll(() => at.stop());

  const known = (): Promise<unknown> => eventually('the signature is known', async () => (await new TwilioAsks(() => url, url, at.twilio.authToken).post('/twilio/bundle', {})).status === 204, 30_000);
  const numberOf = async (tenant: string) => (await at.under.api.expect<DeclaredTenantView>('GET', at.path(`tenants/${tenant}`))).numbers[0];
  const runs = async (): Promise<number> => (await at.under.api.expect<z.output<typeof runListSchema>>('GET', '/api/runs?environment=prod&limit=100')).runs.length;
  const provisioned = (tenant: string): Promise<unknown> => eventually(`${tenant}’s number is there`, async () => (await numberOf(tenant))?.state === 'provisioned', 20_000);
  const reviewed = (bundle: string): number => at.under.events.filter(({ envelope }) => envelope.type === BundleReviewedV1.type && envelope.subject === bundle).length;

  /** A bundle with all that Chile asks for, handed in. */
  async function handedIn(callback?: string): Promise<string> {
    const rules = byHand.numbers.v2.regulatoryCompliance;
    const { sid } = await rules.bundles.create({ friendlyName: 'Plaza', email: 'ops@plaza.example', isoCountry: 'CL', numberType: 'local', endUserType: 'business', ...(callback === undefined ? {} : { statusCallback: callback }) });
    const address = await byHand.addresses.create({ customerName: 'Plaza', street: 'Alameda 1', city: 'Santiago', region: 'RM', postalCode: '8320000', isoCountry: 'CL' });
    const parts = [
      await rules.endUsers.create({ friendlyName: 'Plaza SA', type: 'business', attributes: { business_name: 'Plaza SA', business_registration_number: '76.1', first_name: 'Ana', last_name: 'Rojas' } }),
      await rules.supportingDocuments.create({ friendlyName: 'excerpt', type: 'commercial_registrar_excerpt', attributes: { business_name: 'Plaza SA', document_number: '1' } }),
      await rules.supportingDocuments.create({ friendlyName: 'bill', type: 'utility_bill', attributes: { address_sids: [address.sid] } }),
    ];
    for (const part of parts) await rules.bundles(sid).itemAssignments.create({ objectSid: part.sid });
    await rules.bundles(sid).update({ status: 'pending-review' });
    return sid;
  }

  it('hear of a bundle’s rejection by its callback, and are bought by themselves once it is approved', async () => {
    const bundle = await handedIn(`${url}/twilio/bundle`);
    const run = await at.apply([plain('plaza', [{ have: 'buy', e164: NUMBER, bundle }])]);
    expect(run).toMatchObject({ state: 'whole', waiting: [{ what: NUMBER }] });
    at.twilio.set({ reviews: [{ bundle, says: 'twilio-rejected', reason: 'The bill is older than three months' }] });
    const { tenantid, data } = await at.under.seen(BundleReviewedV1, (event) => event.data.bundle === bundle);
    expect([tenantid, data]).toMatchObject(['plaza', { outcome: 'rejected', reason: 'The bill is older than three months', number: NUMBER, who: expect.stringMatching(/^You: mend/) as string }]);
    await eventually('it is said of the number too', async () => (await numberOf('plaza'))?.why?.includes('older than three months'));
    expect(await runs()).toBe(1);

    await byHand.numbers.v2.regulatoryCompliance.bundles(bundle).update({ status: 'pending-review' });
    at.twilio.set({ reviews: [{ bundle, says: 'twilio-approved' }] });
    await at.under.seen(BundleReviewedV1, (event) => event.data.bundle === bundle && event.data.outcome === 'approved');
    await provisioned('plaza');
    expect(at.twilio.world.main.numbers.having('phone_number', NUMBER)?.attributes['bundle_sid']).toBe(bundle);
    expect([reviewed(bundle), await runs()]).toEqual([2, 2]);
  });

  it('are looked at by themselves, also after a restart, with a purchase that Twilio refuses all the same not tried again and again', async () => {
    const bundle = await handedIn();
    await at.apply([plain('second', [{ have: 'buy', e164: SECOND, bundle }])]);
    at.twilio.set({ reviews: [{ bundle, says: 'twilio-approved' }], faults: [{ method: 'POST', place: 'IncomingPhoneNumbers', does: { what: 'refuse', status: 400, code: 21649 } }] });
    const before = await runs();
    await at.under.restart({ WAITING_CHECK_SECONDS: '1' });
    await at.under.seen(BundleReviewedV1, (event) => event.data.bundle === bundle && event.data.outcome === 'approved');
    await eventually('a run is begun', async () => (await runs()) > before, 20_000);
    const looks = (): number => at.twilio.requests().filter(({ method, place }) => method === 'GET' && place.endsWith(`Bundles/${bundle}`)).length;
    const tried = looks();
    await eventually('it is looked at twice more', () => looks() >= tried + 2, 20_000);
    expect([await runs(), reviewed(bundle)]).toEqual([before + 1, 1]);
    at.twilio.set({ faults: [] });
  });

  it('follow a port by Twilio’s own request, and are taken up once they are here', async () => {
    at.twilio.set({ portIns: [{ request: REQUEST, status: 'Waiting for Signature', numbers: [PORTED], targetDate: '2026-12-15' }] });
    await at.apply([plain('ported', [{ have: 'port-in', e164: PORTED, request: REQUEST }], 'US'), plain('brought', [{ have: 'port-in', e164: BROUGHT }])]);
    const first = await at.under.seen(PortInChangedV1, ({ data }) => data.request === REQUEST);
    expect(first.data).toMatchObject({ status: 'Waiting for Signature', targetDate: '2026-12-15', number: PORTED, who: expect.stringMatching(/^The number’s owner: sign/) as string });
    at.twilio.set({ portIns: [{ request: REQUEST, status: 'Action Required', numbers: [PORTED], reason: 'wrong PIN' }] });
    await at.under.seen(PortInChangedV1, ({ data }) => data.status === 'Action Required' && data.reason === 'wrong PIN');
    expect(await numberOf('brought')).toMatchObject({ state: 'waiting', why: 'It is with another carrier still.' });
    for (const phoneNumber of [PORTED, BROUGHT]) await byHand.incomingPhoneNumbers.create({ phoneNumber });
    await Promise.all(['ported', 'brought'].map(provisioned));
    await eventually('their calls come here', () => [PORTED, BROUGHT].every((e164) => at.twilio.world.main.numbers.having('phone_number', e164)?.attributes['voice_url'] === `${url}/twilio/voice/number`));
  });
});
