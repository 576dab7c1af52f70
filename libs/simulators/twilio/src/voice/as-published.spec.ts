import { expect, it } from 'vitest';
import { haveDocuments, PublishedApi } from '../../test/support/openapi.js';
import { CALLER, NUMBER, openVoiceBench, over } from '../../test/support/voice-bench.js';

it('answers about calls, recordings, queues and alerts in the shapes that Twilio publishes, where its documents are at hand', async () => {
  const bench = await openVoiceBench();
  const { sdk, server, simulator, exchanges } = bench;
  try {
    server.serve({ '/voice': '<Shout/><Enqueue waitUrl="/wait">support</Enqueue>', '/wait': '<Pause length="100"/>', '/out': '<Say>Hello.</Say>' });
    const { call } = simulator.voice.call({ from: CALLER, to: NUMBER });
    await expect.poll(async () => (await sdk.queues.list())[0]?.currentSize).toBe(1);
    const [queue] = await sdk.queues.list();
    await sdk.queues(queue!.sid).members(call.sid).fetch();
    await sdk.queues(queue!.sid).update({ maxSize: 7 });
    const made = await sdk.queues.create({ friendlyName: 'other' });
    await sdk.queues(made.sid).remove();
    const { sid } = await sdk.calls(call.sid).recordings.create();
    await sdk.calls(call.sid).recordings(sid).update({ status: 'stopped' });
    await sdk.recordings(sid).fetch();
    await sdk.queues(queue!.sid).members('Front').update({ url: `${server.url}/out` });
    await over(bench, call.sid);
    const out = await sdk.calls.create({ from: NUMBER, to: CALLER, twiml: '<Response><Hangup/></Response>', statusCallbackEvent: ['answered', 'completed'] });
    await over(bench, out.sid);
    await Promise.all([sdk.calls.list(), sdk.calls(out.sid).fetch(), sdk.recordings.list(), sdk.calls(call.sid).recordings.list()]);
    const [alert] = await sdk.monitor.v1.alerts.list({ logLevel: 'warning' });
    expect(await sdk.monitor.v1.alerts(alert!.sid).fetch()).toMatchObject({ errorCode: '12200', resourceSid: call.sid });
    expect(await sdk.monitor.v1.alerts.list({ logLevel: 'error' })).toEqual([]);
    await expect(sdk.insights.v1.calls(out.sid).summary().fetch()).rejects.toMatchObject({ status: 403, code: 17_000 });
    expect(await sdk.insights.v1.settings().update({ advancedFeatures: true })).toMatchObject({ advancedFeatures: true });
    await expect(sdk.insights.v1.calls(out.sid).summary().fetch()).rejects.toMatchObject({ code: 17_007 });
    const heard = await sdk.calls.create({ from: NUMBER, to: CALLER, twiml: '<Response><Hangup/></Response>' });
    await over(bench, heard.sid);
    await expect(sdk.insights.v1.calls(heard.sid).summary().fetch({ processingState: 'complete' })).rejects.toMatchObject({ code: 17_001 });
    expect(await sdk.insights.v1.calls(heard.sid).summary().fetch({ processingState: 'partial' })).toMatchObject({ processingState: 'partial', callState: 'completed' });
    simulator.set({ voice: { insights: { summedUpAfterMs: 0, paths: [{ party: CALLER, lossShare: 0.1, jitterMs: 40, tags: ['high_jitter'] }] } } });
    expect(await sdk.insights.v1.calls(heard.sid).summary().fetch()).toMatchObject({
      processingState: 'complete', callType: 'carrier', tags: ['high_jitter'], sipEdge: null, carrierEdge: { metrics: { inbound: { packets_received: 45, packets_lost: 5, jitter: { avg: 40 } } } },
    });
    expect(exchanges.length).toBeGreaterThanOrEqual(15);
    if (!haveDocuments) return;
    const published = new PublishedApi();
    expect([...new Set(exchanges.flatMap((exchange) => published.departures(exchange)))]).toEqual([]);
  } finally {
    await bench.close();
  }
});
