import { expect, it } from 'vitest';
import { isAsPublished, useSimulator } from '../../test/support/use-simulator.js';

const lab = useSimulator();
const request = `KW${'1'.repeat(32)}`;

it('port-in requests of SIMULATED Twilio stand as its people say', async () => {
  const ask = () => lab.sdk.numbers.v1.portingPortIns(request).fetch();
  await expect(ask()).rejects.toMatchObject({ status: 404, code: 20404 });
  lab.simulator.set({ portIns: [{ request, status: 'Action Required', numbers: ['+15035561000'], targetDate: '2026-12-15', reason: 'wrong account number' }] });
  expect(await ask()).toMatchObject({ targetPortInDate: new Date('2026-12-15'), portInRequestStatus: 'Action Required', phoneNumbers: [{ phoneNumber: '+15035561000', rejectionReason: 'wrong account number' }] });
});

isAsPublished(lab, 1);
