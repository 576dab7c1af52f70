import { describe, expect, it } from 'vitest';
import { isAsPublished, useSimulator } from '../../test/support/use-simulator.js';

const lab = useSimulator();
const list = (friendlyName = 'PBX') => lab.sdk.sip.ipAccessControlLists.create({ friendlyName });
const domain = () => lab.sdk.sip.domains.create({ domainName: 'plaza.sip.twilio.com' });
const addressesOf = (sid: string) => lab.sdk.sip.ipAccessControlLists(sid).ipAddresses;

describe('IP access control lists of SIMULATED Twilio', () => {
  it('hold addresses, and say with a domain who may call', async () => {
    const { sid } = await list();
    const { sid: addressSid } = await addressesOf(sid).create({ friendlyName: 'office', ipAddress: '203.0.113.9' });
    await addressesOf(sid)(addressSid).update({ ipAddress: '203.0.113.0', cidrPrefixLength: 24 });
    expect(await addressesOf(sid).list()).toMatchObject([{ friendlyName: 'office', ipAddress: '203.0.113.0', cidrPrefixLength: 24 }]);

    const { sid: domainSid } = await domain();
    const { ipAccessControlListMappings, credentialListMappings } = lab.sdk.sip.domains(domainSid).auth.calls;
    await ipAccessControlListMappings.create({ ipAccessControlListSid: sid });
    expect((await lab.sdk.sip.domains(domainSid).fetch()).authType).toBe('IP_ACL');
    await credentialListMappings.create({ credentialListSid: (await lab.sdk.sip.credentialLists.create({ friendlyName: 'L' })).sid });
    expect((await lab.sdk.sip.domains(domainSid).fetch()).authType).toBe('CREDENTIAL_LIST,IP_ACL');
    expect(await ipAccessControlListMappings(sid).fetch()).toMatchObject({ friendlyName: 'PBX' });
    await ipAccessControlListMappings(sid).remove();
    await addressesOf(sid)(addressSid).remove();
    await lab.sdk.sip.ipAccessControlLists(sid).remove();
    expect(await lab.sdk.sip.ipAccessControlLists.list()).toEqual([]);
  });

  it('are mapped by the older path as by the newer one', async () => {
    const { sid } = await list();
    const { sid: domainSid } = await domain();
    const older = lab.sdk.sip.domains(domainSid).ipAccessControlListMappings;
    await older.create({ ipAccessControlListSid: sid });
    expect(await lab.sdk.sip.domains(domainSid).auth.calls.ipAccessControlListMappings.list()).toMatchObject([{ sid }]);
    expect(await older(sid).fetch()).toMatchObject({ domainSid, friendlyName: 'PBX' });
    await expect(lab.sdk.sip.domains(domainSid).auth.calls.ipAccessControlListMappings.create({ ipAccessControlListSid: sid })).rejects.toMatchObject({ code: 21231 });
  });

  it.each<readonly [string, number, number, () => Promise<unknown>]>([
    ['a name that is taken', 400, 21235, async () => (await list(), list())],
    ['a list too many', 400, 21255, () => (lab.simulator.set({ limits: { addressListsPerAccount: 0 } }), list())],
    ['an address too many', 400, 21237, async () => (lab.simulator.set({ limits: { addressesPerList: 0 } }), addressesOf((await list()).sid).create({ friendlyName: 'a', ipAddress: '203.0.113.9' }))],
    ['what is no address', 400, 21238, async () => addressesOf((await list()).sid).create({ friendlyName: 'a', ipAddress: '203.0.113.300' })],
    ['an address twice', 400, 21238, async () => {
      const { sid } = await list();
      await addressesOf(sid).create({ friendlyName: 'a', ipAddress: '203.0.113.9' });
      return addressesOf(sid).create({ friendlyName: 'b', ipAddress: '203.0.113.9' });
    }],
    ['the end of one that a domain uses', 400, 21236, async () => {
      const { sid } = await list();
      await lab.sdk.sip.domains((await domain()).sid).auth.calls.ipAccessControlListMappings.create({ ipAccessControlListSid: sid });
      return lab.sdk.sip.ipAccessControlLists(sid).remove();
    }],
    ['addresses of a list that isn’t there', 404, 20404, () => addressesOf(`AL${'0'.repeat(32)}`).list()],
  ])('refuse %s', async (_, status, code, act) => {
    await expect(act()).rejects.toMatchObject({ status, code });
  });

  isAsPublished(lab, 20);
});
