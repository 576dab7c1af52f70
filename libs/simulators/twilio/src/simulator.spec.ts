import type { Twilio } from 'twilio';
import { beforeEach, describe, expect, it } from 'vitest';
import { sdkFor } from '../test/support/sdk-client.js';
import { isAsPublished, useSimulator } from '../test/support/use-simulator.js';
import type { TwilioSimulator } from './index.js';

let simulator: TwilioSimulator;
let sdk: Twilio;
const BUNDLE = `BU${'1'.repeat(32)}`;
const PASSWORD = 'Aa1Aa1Aa1Aa1Aa1';

const lab = useSimulator({ approvedBundles: [BUNDLE] });
beforeEach(() => {
  ({ simulator, sdk } = lab);
});

const domain = () => sdk.sip.domains.create({ domainName: 'troncal-communities.sip.twilio.com', sipRegistration: true, voiceUrl: 'https://voice.example/twilio' });
const list = (friendlyName = 'PLAZA_Credentials') => sdk.sip.credentialLists.create({ friendlyName });

describe('SIMULATED Twilio', () => {
  it('makes what a community needs, and tells of it again', async () => {
    const { sid: domainSid } = await domain();
    const { sid: listSid } = await list();
    await sdk.sip.credentialLists(listSid).credentials.create({ username: '+56229145248-office', password: PASSWORD });
    const { calls, registrations } = sdk.sip.domains(domainSid).auth;
    expect((await sdk.sip.domains(domainSid).fetch()).authType).toBe('');
    await calls.credentialListMappings.create({ credentialListSid: listSid });
    await registrations.credentialListMappings.create({ credentialListSid: listSid });
    const number = await sdk.incomingPhoneNumbers.create({ phoneNumber: '+56229145248', bundleSid: BUNDLE, voiceUrl: 'https://voice.example/twilio' });

    expect((await sdk.sip.domains(domainSid).fetch()).authType).toBe('CREDENTIAL_LIST');
    expect((await calls.credentialListMappings.list()).map(({ sid }) => sid)).toEqual([listSid]);
    expect((await registrations.credentialListMappings.list()).map(({ friendlyName }) => friendlyName)).toEqual(['PLAZA_Credentials']);
    expect((await sdk.sip.credentialLists(listSid).credentials.list()).map(({ username }) => username)).toEqual(['+56229145248-office']);
    expect((await sdk.incomingPhoneNumbers.list({ phoneNumber: '+56229145248' })).map(({ sid, voiceUrl }) => [sid, voiceUrl])).toEqual([[number.sid, 'https://voice.example/twilio']]);
    expect(JSON.stringify([lab.exchanges.map(({ answer }) => answer.body), simulator.requests()])).not.toContain(PASSWORD);
  });

  it.each<readonly [string, number, number, () => Promise<unknown>]>([
    ['a domain name that isn’t Twilio’s', 400, 21231, () => sdk.sip.domains.create({ domainName: 'sip.example' })],
    ['a domain name that is taken', 400, 21232, async () => (await domain(), domain())],
    ['a domain name of another customer', 400, 21232, async () => (simulator.set({ takenDomainNames: ['troncal-communities.sip.twilio.com'] }), domain())],
    ['a domain too many', 400, 21230, async () => (simulator.set({ limits: { domainsPerAccount: 0 } }), domain())],
    ['a list’s name that is taken', 400, 21240, async () => (await list(), list())],
    ['a list too many', 400, 21239, async () => (simulator.set({ limits: { listsPerAccount: 1 } }), await list('A'), list('B'))],
    ['a short password', 400, 21243, async () => sdk.sip.credentialLists((await list()).sid).credentials.create({ username: 'a', password: 'Aa1' })],
    ['a password without a digit', 400, 21243, async () => sdk.sip.credentialLists((await list()).sid).credentials.create({ username: 'a', password: 'AaAaAaAaAaAaAa' })],
    ['a username of 33 characters', 400, 21243, async () => sdk.sip.credentialLists((await list()).sid).credentials.create({ username: 'a'.repeat(33), password: PASSWORD })],
    ['a username that is taken', 400, 21243, async () => {
      const { credentials } = sdk.sip.credentialLists((await list()).sid);
      await credentials.create({ username: 'a', password: PASSWORD });
      return credentials.create({ username: 'a', password: PASSWORD });
    }],
    ['a mapping made twice', 400, 21231, async () => {
      const { credentialListMappings } = sdk.sip.domains((await domain()).sid).auth.calls;
      const { sid } = await list();
      await credentialListMappings.create({ credentialListSid: sid });
      return credentialListMappings.create({ credentialListSid: sid });
    }],
    ['the end of a list that a domain uses', 400, 21241, async () => {
      const { sid } = await list();
      await sdk.sip.domains((await domain()).sid).auth.registrations.credentialListMappings.create({ credentialListSid: sid });
      return sdk.sip.credentialLists(sid).remove();
    }],
    ['a number that nobody sells', 400, 21422, () => sdk.incomingPhoneNumbers.create({ phoneNumber: '+56999999999' })],
    ['a number of Chile without a bundle', 400, 21649, () => sdk.incomingPhoneNumbers.create({ phoneNumber: '+56229145248' })],
    ['a bundle that nobody approved', 400, 21649, () => sdk.incomingPhoneNumbers.create({ phoneNumber: '+56229145248', bundleSid: `BU${'2'.repeat(32)}` })],
    ['a number that somebody bought meanwhile', 400, 21422, () => (simulator.set({ sold: ['+15035550100'] }), sdk.incomingPhoneNumbers.create({ phoneNumber: '+15035550100' }))],
    ['a number twice', 400, 21422, async () => (await sdk.incomingPhoneNumbers.create({ phoneNumber: '+15035550100' }), sdk.incomingPhoneNumbers.create({ phoneNumber: '+15035550100' }))],
    ['a fallback without what it is one of', 400, 21405, () => sdk.incomingPhoneNumbers.create({ phoneNumber: '+15035550100', voiceFallbackUrl: 'https://voice.example' })],
    ['a thing that isn’t there', 404, 20404, () => sdk.sip.credentialLists(`CL${'0'.repeat(32)}`).fetch()],
    ['a wrong token', 401, 20003, () => sdkFor({ ...simulator, authToken: 'wrong' }).sip.domains.list()],
    ['the account of somebody else', 404, 20404, () => sdk.api.v2010.accounts(`AC${'0'.repeat(32)}`).sip.domains.list()],
  ])('refuses %s as Twilio does', async (_, status, code, act) => {
    await expect(act()).rejects.toMatchObject({ status, code });
  });

  it('sells a number once: given back it is nobody’s any more', async () => {
    const search = () => sdk.availablePhoneNumbers('US').local.list({ contains: '+1503555010*' });
    expect((await search()).length).toBe(10);
    const { sid } = await sdk.incomingPhoneNumbers.create({ phoneNumber: '+15035550100' });
    await sdk.incomingPhoneNumbers(sid).remove();
    expect((await search()).map(({ phoneNumber }) => phoneNumber)).not.toContain('+15035550100');
  });

  it('gives long lists by pages, which lead on', async () => {
    for (let number = 0; number < 23; number += 1) await list(`L${number}`);
    expect((await sdk.sip.credentialLists.list({ pageSize: 5 })).map(({ friendlyName }) => friendlyName)).toEqual(Array.from({ length: 23 }, (_, number) => `L${number}`));
    expect(simulator.requests().filter(({ method }) => method === 'GET').length).toBe(5);
  });

  it('has subaccounts, which their parent reaches and nobody else, and which suspended change nothing', async () => {
    const { sid, authToken } = await sdk.api.v2010.accounts.create({ friendlyName: 'PLAZA' });
    const theirs = sdk.api.v2010.accounts(sid);
    await theirs.sip.credentialLists.create({ friendlyName: 'L' });
    expect((await sdkFor({ ...simulator, accountSid: sid, authToken }).sip.credentialLists.list()).length).toBe(1);
    await theirs.update({ status: 'suspended' });
    await expect(theirs.sip.credentialLists.create({ friendlyName: 'M' })).rejects.toMatchObject({ status: 403 });
    await theirs.update({ status: 'active' });
    await theirs.sip.credentialLists.create({ friendlyName: 'M' });
  });

  it('refuses more at once than it takes, and has done nothing of it', async () => {
    simulator.set({ pace: { latencyMs: 300, atOnce: 3 } });
    const outcomes = await Promise.allSettled(Array.from({ length: 10 }, (_, number) => list(`L${number}`)));
    const refused = outcomes.flatMap((outcome) => (outcome.status === 'rejected' ? [(outcome.reason as { status: number }).status] : []));
    // On a busy machine some come when others are over.
    expect(new Set(refused)).toEqual(new Set([429]));
    expect(simulator.world.main.lists.size).toBe(10 - refused.length);
  });

  it.each([
    ['refuse', { what: 'refuse', status: 503 }, 0],
    ['cut-before', { what: 'cut-before' }, 0],
    ['cut-after', { what: 'cut-after' }, 1],
    ['hang-after', { what: 'hang-after' }, 1],
    ['wrong-shape', { what: 'wrong-shape' }, 1],
  ] as const)('fails by %s once, as it is told', async (_, does, made) => {
    simulator.set({ faults: [{ method: 'POST', place: 'CredentialLists\\.json$', times: 1, does }] });
    const outcome = await list('A').then(({ sid }) => sid ?? 'nothing that could be read', () => 'failed');
    expect(outcome).not.toMatch(/^CL/);
    expect(simulator.world.main.lists.size).toBe(made);
    await list('B');
    expect(simulator.world.main.lists.size).toBe(made + 1);
  });

  it('may show what was made only after a while', async () => {
    simulator.set({ hiddenMs: 60_000 });
    const { sid } = await list();
    await expect(sdk.sip.credentialLists(sid).fetch()).rejects.toMatchObject({ status: 404 });
    await expect(list()).rejects.toMatchObject({ code: 21240 });
    simulator.set({ hiddenMs: 0 });
    expect((await sdk.sip.credentialLists(sid).fetch()).sid).toBe(sid);
  });

  it('is told over HTTP too, and names every fault of what it is told', async () => {
    const tell = (body: unknown) => fetch(`${simulator.url}/control`, { method: 'POST', body: JSON.stringify(body) });
    expect((await tell({ hiddenMs: 5, pace: { latencyMs: 1 } })).status).toBe(200);
    const refused = await tell({ hiddenMs: -1, stock: [{ phoneNumber: '1' }] });
    expect([refused.status, await refused.text()]).toEqual([400, expect.stringMatching(/hiddenMs[^]*phoneNumber/)]);
  });

  isAsPublished(lab, 100);
});
