import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { TwimlServer } from '../../test/support/twiml-server.js';
import { isAsPublished, useSimulator } from '../../test/support/use-simulator.js';

const lab = useSimulator();
let server: TwimlServer;
beforeEach(async () => {
  server = await TwimlServer.start(() => lab.simulator.authToken);
});
afterEach(() => server.close());

const OWN = '+56221234567';
const ask = () => lab.sdk.validationRequests.create({ phoneNumber: OWN, friendlyName: 'PBX', statusCallback: `${server.url}/verified` });

describe('caller IDs, applications and alerts of SIMULATED Twilio', () => {
  it('have a number verified by whoever answers there, and tell it signed', async () => {
    expect((await ask()).validationCode).toMatch(/^\d{6}$/);
    expect(await lab.sdk.outgoingCallerIds.list()).toEqual([]);
    lab.simulator.set({ callerIds: [{ number: OWN, isVerified: true }] });
    const [callerId] = await lab.sdk.outgoingCallerIds.list({ phoneNumber: OWN });
    await lab.simulator.voice.plane.webhooks.settled();
    expect(server.at('/verified')).toMatchObject([{ isSigned: true, parameters: { VerificationStatus: 'success', OutgoingCallerIdSid: callerId!.sid } }]);
    await expect(ask()).rejects.toMatchObject({ status: 400, code: 21450 });
    await lab.sdk.outgoingCallerIds(callerId!.sid).update({ friendlyName: 'PBX 2' });
    expect(await lab.sdk.outgoingCallerIds(callerId!.sid).fetch()).toMatchObject({ friendlyName: 'PBX 2', phoneNumber: OWN });
    await lab.sdk.outgoingCallerIds(callerId!.sid).remove();
    expect(await lab.sdk.outgoingCallerIds.list()).toEqual([]);
  });

  it('leave a number alone where nobody said the code', async () => {
    await ask();
    lab.simulator.set({ callerIds: [{ number: OWN, isVerified: false }] });
    await lab.simulator.voice.plane.webhooks.settled();
    expect(server.at('/verified')).toMatchObject([{ parameters: { VerificationStatus: 'failed' } }]);
    expect(await lab.sdk.outgoingCallerIds.list()).toEqual([]);
    expect(() => lab.simulator.set({ callerIds: [{ number: OWN, isVerified: true }] })).toThrow('nobody asked');
  });

  it('keep applications', async () => {
    const { sid } = await lab.sdk.applications.create({ friendlyName: 'menu', voiceUrl: 'https://voice.example/twilio' });
    await lab.sdk.applications(sid).update({ voiceUrl: 'https://elsewhere.example' });
    expect(await lab.sdk.applications.list({ friendlyName: 'menu' })).toMatchObject([{ sid, voiceUrl: 'https://elsewhere.example' }]);
    await lab.sdk.applications(sid).remove();
    await expect(lab.sdk.applications(sid).fetch()).rejects.toMatchObject({ status: 404 });
  });

  it('show alerts, newest first', async () => {
    const resourceSid = `CA${'1'.repeat(32)}`;
    lab.simulator.set({ alerts: [{ errorCode: 32009, text: 'not registered', resourceSid }, { errorCode: 11200 }] });
    const alerts = await lab.sdk.monitor.v1.alerts.list();
    expect(alerts.map(({ errorCode }) => errorCode)).toEqual(['11200', '32009']);
    expect(await lab.sdk.monitor.v1.alerts.list({ logLevel: 'warning' })).toMatchObject([{ errorCode: '32009' }]);
    expect(await lab.sdk.monitor.v1.alerts(alerts[1]!.sid).fetch()).toMatchObject({ alertText: 'not registered', resourceSid });
  });

  isAsPublished(lab, 15);
});
