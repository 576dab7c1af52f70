import { describe, expect, it } from 'vitest';
import { isAsPublished, useSimulator } from '../../test/support/use-simulator.js';

const lab = useSimulator();
const subaccount = (friendlyName = 'PLAZA') => lab.sdk.api.v2010.accounts.create({ friendlyName });
const main = () => lab.sdk.api.v2010.accounts(lab.simulator.accountSid);

describe('accounts of SIMULATED Twilio', () => {
  it('are told with their type, and found by name and status', async () => {
    const { sid } = await subaccount();
    await lab.sdk.api.v2010.accounts(sid).update({ friendlyName: 'PLAZA 2', status: 'suspended' });
    expect(await lab.sdk.api.v2010.accounts.list({ status: 'suspended' })).toMatchObject([{ sid, friendlyName: 'PLAZA 2', type: 'Full', ownerAccountSid: lab.simulator.accountSid }]);
    lab.simulator.set({ accounts: [{ type: 'Trial' }] });
    expect(await main().fetch()).toMatchObject({ type: 'Trial', status: 'active' });
  });

  it.each<readonly [string, number, number, () => Promise<unknown>]>([
    ['another status of the main account', 400, 21477, () => main().update({ status: 'suspended' })],
    ['a subaccount too many', 400, 21480, async () => (lab.simulator.set({ limits: { subaccounts: 1 } }), await subaccount(), subaccount())],
    ['a second subaccount of a trial account', 400, 21480, async () => (lab.simulator.set({ accounts: [{ type: 'Trial' }] }), await subaccount(), subaccount())],
    ['a second number of a trial account', 400, 21404, async () => {
      lab.simulator.set({ accounts: [{ type: 'Trial' }] });
      await lab.sdk.incomingPhoneNumbers.create({ phoneNumber: '+15035550100' });
      return lab.sdk.incomingPhoneNumbers.create({ phoneNumber: '+15035550101' });
    }],
    ['changes while Twilio has suspended the account', 403, 20005, () => (lab.simulator.set({ accounts: [{ status: 'suspended' }] }), lab.sdk.sip.credentialLists.create({ friendlyName: 'L' }))],
    ['changes of its subaccounts too', 403, 20005, async () => {
      const { sid, authToken } = await subaccount();
      lab.simulator.set({ accounts: [{ status: 'suspended' }] });
      return lab.as(sid, authToken).sip.credentialLists.create({ friendlyName: 'L' });
    }],
    ['to take back what Twilio has suspended', 400, 21478, async () => {
      const { sid } = await subaccount();
      lab.simulator.set({ accounts: [{ sid, status: 'suspended' }] });
      return lab.sdk.api.v2010.accounts(sid).update({ status: 'active' });
    }],
    ['a subaccount of a subaccount', 400, 21101, async () => {
      const { sid, authToken } = await subaccount();
      return lab.as(sid, authToken).api.v2010.accounts.create({ friendlyName: 'PLAZA' });
    }],
    ['anything for one that was closed', 400, 21479, async () => {
      const { sid } = await subaccount();
      await lab.sdk.api.v2010.accounts(sid).update({ status: 'closed' });
      return lab.sdk.api.v2010.accounts(sid).update({ status: 'active' });
    }],
    ['to let a subaccount move its number', 400, 21474, async () => {
      const { sid, authToken } = await subaccount();
      const theirs = lab.as(sid, authToken);
      const number = await theirs.incomingPhoneNumbers.create({ phoneNumber: '+15035550100' });
      return theirs.incomingPhoneNumbers(number.sid).update({ accountSid: lab.simulator.accountSid });
    }],
    ['to move a number to somebody else', 400, 21473, async () => {
      const number = await lab.sdk.incomingPhoneNumbers.create({ phoneNumber: '+15035550100' });
      return lab.sdk.incomingPhoneNumbers(number.sid).update({ accountSid: `AC${'0'.repeat(32)}` });
    }],
    ['to promote a token that isn’t there', 404, 20404, () => lab.sdk.accounts.v1.authTokenPromotion().update()],
  ])('refuse %s', async (_, status, code, act) => {
    await expect(act()).rejects.toMatchObject({ status, code });
  });

  it('have their things apart, and numbers go from one to the other by the parent', async () => {
    const { sid, authToken } = await subaccount();
    const theirs = lab.as(sid, authToken);
    const { sid: numberSid } = await lab.sdk.incomingPhoneNumbers.create({ phoneNumber: '+15035550100' });
    await lab.sdk.sip.credentialLists.create({ friendlyName: 'L' });
    await theirs.sip.credentialLists.create({ friendlyName: 'L' });
    expect(await lab.sdk.incomingPhoneNumbers(numberSid).update({ accountSid: sid, voiceUrl: 'https://voice.example/v' })).toMatchObject({ accountSid: sid, sid: numberSid, voiceUrl: 'https://voice.example/v' });
    expect([(await theirs.incomingPhoneNumbers.list()).length, (await lab.sdk.incomingPhoneNumbers.list()).length]).toEqual([1, 0]);
    await expect(theirs.api.v2010.accounts(lab.simulator.accountSid).sip.credentialLists.list()).rejects.toMatchObject({ status: 404 });
  });

  it('take all with them when they are closed: numbers are gone for ever', async () => {
    const { sid, authToken } = await subaccount();
    const theirs = lab.as(sid, authToken);
    await theirs.incomingPhoneNumbers.create({ phoneNumber: '+15035550100' });
    await theirs.sip.domains.create({ domainName: 'plaza.sip.twilio.com' });
    expect(await lab.sdk.api.v2010.accounts(sid).update({ status: 'closed' })).toMatchObject({ status: 'closed' });
    expect(lab.simulator.world.account(sid)?.numbers.size).toBe(0);
    await expect(lab.sdk.incomingPhoneNumbers.create({ phoneNumber: '+15035550100' })).rejects.toMatchObject({ code: 21422 });
    await expect(theirs.sip.credentialLists.create({ friendlyName: 'L' })).rejects.toMatchObject({ status: 403 });
  });

  it('may have one name twice, and are listed only after a while', async () => {
    lab.simulator.set({ hiddenMs: 60_000 });
    const [one, other] = [await subaccount('SAME'), await subaccount('SAME')];
    expect(await lab.sdk.api.v2010.accounts.list({ friendlyName: 'SAME' })).toEqual([]);
    expect(await lab.sdk.api.v2010.accounts(one.sid).fetch()).toMatchObject({ authToken: one.authToken });
    lab.simulator.set({ hiddenMs: 0 });
    expect((await lab.sdk.api.v2010.accounts.list({ friendlyName: 'SAME' })).map(({ sid }) => sid)).toEqual([one.sid, other.sid]);
  });

  it('may be read while suspended, and are as before when Twilio takes it back', async () => {
    lab.simulator.set({ accounts: [{ status: 'suspended' }] });
    expect(await main().fetch()).toMatchObject({ status: 'suspended' });
    lab.simulator.set({ accounts: [{ status: 'active' }] });
    await lab.sdk.sip.credentialLists.create({ friendlyName: 'L' });
  });

  it('have a second token on request, which lets in beside the first and then in its place', async () => {
    const { secondaryAuthToken } = await lab.sdk.accounts.v1.secondaryAuthToken().create();
    const { authToken } = lab.simulator;
    const by = (token: string) => lab.as(lab.simulator.accountSid, token);
    await Promise.all([by(secondaryAuthToken).sip.domains.list(), by(authToken).sip.domains.list()]);
    expect(await by(authToken).accounts.v1.authTokenPromotion().update()).toMatchObject({ authToken: secondaryAuthToken });
    await expect(by(authToken).sip.domains.list()).rejects.toMatchObject({ status: 401 });
    expect(lab.simulator.authToken).toBe(secondaryAuthToken);
    await by(secondaryAuthToken).accounts.v1.secondaryAuthToken().create();
    await by(secondaryAuthToken).accounts.v1.secondaryAuthToken().remove();
    expect((await by(secondaryAuthToken).monitor.v1.events.list()).map(({ eventType }) => eventType)).toEqual(['secondary-deleted', 'secondary-created', 'promoted', 'secondary-created'].map((what) => `account-auth-token.${what}`));
    expect(JSON.stringify(lab.simulator.requests())).not.toContain(secondaryAuthToken);
  });

  isAsPublished(lab, 20);
});
