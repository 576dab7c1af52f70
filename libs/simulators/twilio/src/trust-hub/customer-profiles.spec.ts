import { describe, expect, it } from 'vitest';
import { useSimulator } from '../../test/support/use-simulator.js';

const lab = useSimulator();

describe('accounts of SIMULATED Twilio', () => {
  it('have an owner whom Twilio knows, unless told otherwise', async () => {
    const approved = () => lab.sdk.trusthub.v1.customerProfiles.list({ status: 'twilio-approved' });
    expect(await approved()).toMatchObject([{ accountSid: lab.simulator.accountSid, status: 'twilio-approved' }]);
    lab.simulator.set({ accounts: [{ profile: 'in-review' }] });
    expect([await approved(), await lab.sdk.trusthub.v1.customerProfiles.list()]).toMatchObject([[], [{ status: 'in-review' }]]);
    lab.simulator.set({ accounts: [{ profile: 'none' }] });
    expect(await lab.sdk.trusthub.v1.customerProfiles.list()).toEqual([]);
  });
});
