import { hearsTone, readWav } from '@troncal/audio';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { callIn, openVoiceBench, over, words, type ScriptWish, type VoiceBench } from '../../../test/support/voice-bench.js';

const OTHER = '+56933334444';
let bench: VoiceBench;
beforeEach(async () => {
  bench = await openVoiceBench({ callees: [{ number: OTHER, does: { what: 'answer', afterMs: 20, hz: 900, hangUpMs: 900 } }] });
});
afterEach(() => bench.close());

const call = (script: ScriptWish = []) => callIn(bench, script);
const authorization = () => `Basic ${Buffer.from(`${bench.simulator.accountSid}:${bench.simulator.authToken}`).toString('base64')}`;
async function audio(url: string): Promise<ReturnType<typeof readWav>> {
  const response = await fetch(`${url.replace('https://', `${bench.simulator.url}/`)}.wav`, { headers: { authorization: authorization() } });
  expect([response.status, response.headers.get('content-type')]).toEqual([200, 'audio/x-wav']);
  return readWav(new Uint8Array(await response.arrayBuffer()));
}
const callback = async () => {
  await expect.poll(() => bench.server.at('/recorded').length, { timeout: 8_000 }).toBe(1);
  return bench.server.at('/recorded')[0]!.parameters;
};

describe('<Record>', () => {
  it('takes down what the caller says until a key, and tells where it is', async () => {
    bench.server.serve({
      '/voice': '<Record maxLength="60" finishOnKey="#" action="/after" recordingStatusCallback="/recorded"/>',
      '/after': ({ RecordingUrl, Digits }) => `<Say>${Digits} ${RecordingUrl}</Say>`,
    });
    const { call: made } = call([{ untilHears: 1_000 }, { wait: 350 }, { speak: { hz: 640, ms: 400 } }, { press: '#' }]);
    const seen = await over(bench, made.sid);
    const told = await callback();
    expect(words(seen)).toEqual([`# ${told['RecordingUrl']}`]);
    expect(told).toMatchObject({ RecordingStatus: 'completed', RecordingChannels: '1', RecordingSource: 'RecordVerb', CallSid: made.sid });
    const { tracks } = await audio(told['RecordingUrl']!);
    expect([tracks.length, hearsTone(tracks[0]!, 640), hearsTone(tracks[0]!, 1_000)]).toEqual([1, true, false]);
    expect((await bench.sdk.recordings.list({ callSid: made.sid })).map(({ sid, status }) => [sid, status])).toEqual([[told['RecordingSid'], 'completed']]);
    await bench.sdk.recordings(told['RecordingSid']!).remove();
    await expect(bench.sdk.recordings(told['RecordingSid']!).fetch()).rejects.toMatchObject({ status: 404 });
  });

  it.each<readonly [string, string, Parameters<typeof call>[0], string]>([
    ['by silence', 'timeout="2" playBeep="false"', [], ''],
    ['by its greatest length', 'maxLength="3" playBeep="false"', [{ speak: { hz: 640, ms: 3_000 } }], ''],
    ['with the call', 'playBeep="false"', [{ wait: 200 }, { hangUp: true }], 'hangup'],
  ])('ends %s', async (_, attributes, script, digits) => {
    bench.server.serve({ '/voice': `<Record ${attributes} action="/after"/>`, '/after': '<Hangup/>' });
    const { call: made } = call(script);
    await over(bench, made.sid);
    await expect.poll(() => bench.server.at('/after').map(({ parameters }) => parameters['Digits'])).toEqual([digits]);
  });
});

describe('<Dial record>', () => {
  it('takes down both sides, each on a channel of its own', async () => {
    bench.server.serve({
      '/voice': `<Dial record="record-from-answer-dual" recordingStatusCallback="/recorded" action="/after"><Number>${OTHER}</Number></Dial>`,
      '/after': '<Hangup/>',
    });
    const { call: made } = call([{ untilHears: 900 }, { speak: { hz: 640, ms: 400 } }]);
    await over(bench, made.sid);
    const told = await callback();
    expect(told).toMatchObject({ RecordingChannels: '2', RecordingSource: 'DialVerb' });
    expect(bench.server.at('/after')[0]!.parameters).toMatchObject({ RecordingUrl: told['RecordingUrl'], DialCallStatus: 'completed' });
    const [caller, called] = (await audio(told['RecordingUrl']!)).tracks;
    expect([hearsTone(caller!, 640), hearsTone(caller!, 900), hearsTone(called!, 900), hearsTone(called!, 640)]).toEqual([true, false, true, false]);
  });
});

describe('recordings beside the call', () => {
  it('are begun by <Start> and by REST, and ended by REST and with the call', async () => {
    const recording = '<Recording recordingStatusCallback="/recorded" recordingStatusCallbackEvent="in-progress completed"/>';
    bench.server.serve({ '/voice': `<Start>${recording}</Start><Pause length="100"/>` });
    const { call: made } = call();
    await expect.poll(() => bench.server.at('/recorded').map(({ parameters }) => parameters['RecordingStatus'])).toEqual(['in-progress']);
    const { sid } = await bench.sdk.calls(made.sid).recordings.create({ recordingChannels: 'dual' });
    expect((await bench.sdk.calls(made.sid).recordings(sid).update({ status: 'stopped' })).status).toBe('completed');
    bench.simulator.voice.hangUp(made.sid);
    await expect.poll(() => bench.server.at('/recorded').map(({ parameters }) => parameters['RecordingStatus'])).toEqual(['in-progress', 'completed']);
    await expect(bench.sdk.calls(made.sid).recordings.create({})).rejects.toMatchObject({ code: 21220 });
  });
});
