import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { TwimlServer } from '../../test/support/twiml-server.js';
import { isAsPublished, useSimulator } from '../../test/support/use-simulator.js';

const lab = useSimulator();
let server: TwimlServer;
beforeEach(async () => {
  server = await TwimlServer.start(() => lab.simulator.authToken);
});
afterEach(() => server.close());

const rules = () => lab.sdk.numbers.v2.regulatoryCompliance;
const bundle = (options: object = {}) => rules().bundles.create({ friendlyName: 'Plaza', email: 'ops@plaza.example', isoCountry: 'CL', numberType: 'local', endUserType: 'business', statusCallback: `${server.url}/bundle`, ...options });
const endUser = (attributes: object = { business_name: 'Plaza SA', business_registration_number: '76.1', first_name: 'Ana', last_name: 'Rojas' }) => rules().endUsers.create({ friendlyName: 'Plaza SA', type: 'business', attributes });
const assign = (bundleSid: string, objectSid: string) => rules().bundles(bundleSid).itemAssignments.create({ objectSid });

/** A bundle with all that Chile asks for. */
async function complete(): Promise<string> {
  const { sid } = await bundle();
  const { sid: addressSid } = await lab.sdk.addresses.create({ customerName: 'Plaza', street: 'Alameda 1', city: 'Santiago', region: 'RM', postalCode: '8320000', isoCountry: 'CL' });
  const documents = [
    { friendlyName: 'excerpt', type: 'commercial_registrar_excerpt', attributes: { business_name: 'Plaza SA', document_number: '1' } },
    { friendlyName: 'bill', type: 'utility_bill', attributes: { address_sids: [addressSid] } },
  ];
  await assign(sid, (await endUser()).sid);
  for (const each of documents) await assign(sid, (await rules().supportingDocuments.create(each)).sid);
  return sid;
}
const handIn = (sid: string) => rules().bundles(sid).update({ status: 'pending-review' });

describe('regulatory bundles of SIMULATED Twilio', () => {
  it('say what a country asks for', async () => {
    const [regulation, ...more] = await rules().regulations.list({ isoCountry: 'CL', numberType: 'local', endUserType: 'business' });
    expect([regulation!.isoCountry, more.length]).toEqual(['CL', 0]);
    expect(regulation!.requirements).toMatchObject({ end_user: [{ type: 'business' }], supporting_document: [[{ requirement_name: 'business_registration_info' }], [{ requirement_name: 'proof_of_address' }]] });
    expect(await rules().regulations.list({ isoCountry: 'US' })).toEqual([]);
  });

  it('say what is missing, and can’t be handed in before it is there', async () => {
    const { sid } = await bundle();
    const { sid: customer } = await endUser({ business_name: 'Plaza SA' });
    await assign(sid, customer);
    const { status, results } = await rules().bundles(sid).evaluations.create();
    expect(status).toBe('noncompliant');
    expect(results).toMatchObject([
      { object_type: 'business', passed: false, error_code: 22215, valid: [{ object_field: 'business_name' }], invalid: [{ object_field: 'business_registration_number' }, { object_field: 'first_name' }, { object_field: 'last_name' }] },
      { passed: false, error_code: 22216 },
      { passed: false, error_code: 22216 },
    ]);
    await rules().endUsers(customer).update({ attributes: { business_name: 'Plaza SA', business_registration_number: '76.1', first_name: 'Ana', last_name: 'Rojas' } });
    expect((await rules().bundles(sid).evaluations.create()).results.map((result) => (result as { passed: boolean }).passed)).toEqual([true, false, false]);
    await expect(handIn(sid)).rejects.toMatchObject({ status: 400 });
    expect((await rules().bundles(sid).evaluations.list()).map(({ status: each }) => each)).toEqual(['noncompliant', 'noncompliant']);
  });

  it('are decided by people, who tell it signed; then the number can be bought', async () => {
    const sid = await complete();
    expect((await rules().bundles(sid).evaluations.create()).status).toBe('compliant');
    expect((await handIn(sid)).status).toBe('pending-review');
    const buy = (phoneNumber = '+56229145248') => lab.sdk.incomingPhoneNumbers.create({ phoneNumber, bundleSid: sid });
    await expect(buy()).rejects.toMatchObject({ code: 21649 });
    lab.simulator.set({ reviews: [{ bundle: 'Plaza', says: 'in-review' }, { bundle: sid, says: 'twilio-approved' }] });
    await lab.simulator.voice.plane.webhooks.settled();
    expect(server.at('/bundle').map(({ isSigned, parameters }) => [isSigned, parameters['BundleSid'], parameters['Status']])).toEqual(expect.arrayContaining([[true, sid, 'in-review'], [true, sid, 'twilio-approved']]));
    expect((await rules().supportingDocuments.list()).map(({ status }) => status)).toEqual(['approved', 'approved']);
    await buy();
    await expect(buy('+56988800000')).rejects.toMatchObject({ code: 21651 });
    await expect(rules().bundles(sid).remove()).rejects.toMatchObject({ code: 21648 });
  });

  it('come back with a reason, are mended and handed in again', async () => {
    const sid = await complete();
    await handIn(sid);
    lab.simulator.set({ reviews: [{ bundle: sid, says: 'twilio-rejected', reason: 'The bill is older than three months' }] });
    await lab.simulator.voice.plane.webhooks.settled();
    expect(server.at('/bundle')[0]!.parameters).toMatchObject({ Status: 'twilio-rejected', FailureReason: 'The bill is older than three months' });
    expect(await rules().bundles.list({ status: 'twilio-rejected', isoCountry: 'CL' })).toMatchObject([{ sid }]);
    const [item] = await rules().bundles(sid).itemAssignments.list();
    await rules().bundles(sid).itemAssignments(item!.sid).remove();
    await assign(sid, (await endUser()).sid);
    expect((await handIn(sid)).status).toBe('pending-review');
    expect(() => lab.simulator.set({ reviews: [{ bundle: 'nobody’s', says: 'twilio-approved' }] })).toThrow('no bundle');
  });

  it.each<readonly [string, number, () => Promise<unknown>]>([
    ['a bundle for nothing', 22202, () => bundle({ isoCountry: undefined })],
    ['a bundle for a country without rules', 22201, () => bundle({ isoCountry: 'US' })],
    ['a bundle for a kind of number that isn’t', 22200, () => bundle({ numberType: 'pager' })],
    ['a status beside something else', 22204, async () => rules().bundles((await bundle()).sid).update({ status: 'pending-review', friendlyName: 'x' })],
    ['to approve it oneself', 20001, async () => rules().bundles(await complete()).update({ status: 'twilio-approved' })],
    ['the end of one that is looked at', 21647, async () => {
      const sid = await complete();
      await handIn(sid);
      return rules().bundles(sid).remove();
    }],
    ['what is no part of one', 22206, async () => assign((await bundle()).sid, `AD${'0'.repeat(32)}`)],
    ['a part that isn’t there', 22205, async () => assign((await bundle()).sid, `IT${'0'.repeat(32)}`)],
    ['the end of a customer whose bundle there is', 21644, async () => {
      const { sid } = await endUser();
      await assign((await bundle()).sid, sid);
      return rules().endUsers(sid).remove();
    }],
    ['a document without a type', 22210, () => rules().supportingDocuments.create({ friendlyName: 'x', type: '' })],
    ['a filter that isn’t', 22213, () => rules().regulations.list({ numberType: 'pager' })],
  ])('refuse %s', async (_, code, act) => {
    await expect(act()).rejects.toMatchObject({ status: 400, code });
  });

  isAsPublished(lab, 60);
});
