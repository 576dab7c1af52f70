import { expect, it } from 'vitest';
import { CALLER, NUMBER, openVoiceBench, over } from '../../test/support/voice-bench.js';

it('counts calls as used when they have their price, and fires the trigger that watches them', async () => {
  const bench = await openVoiceBench({ rating: { perMinute: 0.02 } });
  const { sdk, server, simulator } = bench;
  try {
    await sdk.usage.triggers.create({ callbackUrl: `${server.url}/spent`, triggerValue: '0.01', usageCategory: 'calls', triggerBy: 'price', recurring: 'daily' });
    server.serve({ '/voice': '<Say>Hello.</Say><Hangup/>' });
    const { call } = simulator.voice.call({ from: CALLER, to: NUMBER });
    await over(bench, call.sid);
    await expect.poll(() => server.at('/spent').length).toBe(1);
    expect(await sdk.usage.records.today.list({ category: 'calls-inbound-local' })).toMatchObject([{ count: '1', usage: '1' }]);
    expect(server.at('/spent')).toMatchObject([{ isSigned: true, parameters: { UsageCategory: 'calls', CurrentValue: '0.02' } }]);
  } finally {
    await bench.close();
  }
});

it('lets a call show a number that was verified', async () => {
  const bench = await openVoiceBench();
  const { sdk, simulator } = bench;
  const call = () => sdk.calls.create({ from: '+56221234567', to: CALLER, twiml: '<Response><Hangup/></Response>' });
  try {
    await expect(call()).rejects.toMatchObject({ code: 21210 });
    await sdk.validationRequests.create({ phoneNumber: '+56221234567' });
    simulator.set({ callerIds: [{ number: '+56221234567', isVerified: true }] });
    expect((await call()).from).toBe('+56221234567');
  } finally {
    await bench.close();
  }
});
