import { encodeUlaw, FRAME_BYTES, hearsTone, tone } from '@troncal/audio';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { StreamServer } from '../../../test/support/stream-server.js';
import { callIn, openVoiceBench, over, words, type ScriptWish, type VoiceBench } from '../../../test/support/voice-bench.js';
import { twilioSignature } from '../webhooks/signature.js';

const PUBLIC = 'wss://voice.example';
let bench: VoiceBench;
let media: StreamServer;
beforeEach(async () => {
  media = await StreamServer.start();
  bench = await openVoiceBench({ publicUrls: [{ from: PUBLIC, to: media.url }] });
});
afterEach(async () => {
  await bench.close();
  await media.close();
});

const call = (script: ScriptWish = []) => callIn(bench, script);
const codes = () => bench.simulator.voice.alerts().map(({ code }) => code);
const started = () => expect.poll(() => media.of('start').length, { timeout: 5_000 }).toBe(1);
const LEG = '<Parameter name="leg" value="a &amp; b"/>';
const STREAM = `<Connect action="/after"><Stream url="${PUBLIC}/media/twilio" name="agent" statusCallback="/stream">${LEG}</Stream></Connect>`;

describe('<Connect><Stream>', () => {
  it('gives the call to a media server: both hear each other, keys come too, and the server ends it', async () => {
    bench.server.serve({ '/voice': STREAM, '/after': '<Say>The agent has gone.</Say>' });
    const { call: made, script } = call([{ untilHears: 1_300 }, { speak: { hz: 600, ms: 300 } }, { press: '5' }, { untilSaid: 'has gone' }]);
    await started();
    expect(media.messages[0]).toEqual({ event: 'connected', protocol: 'Call', version: '1.0.0' });
    expect(media.of('start')[0]).toMatchObject({
      sequenceNumber: '1',
      start: {
        accountSid: bench.simulator.accountSid,
        callSid: made.sid,
        tracks: ['inbound'],
        mediaFormat: { encoding: 'audio/x-mulaw', sampleRate: 8_000, channels: 1 },
        customParameters: { leg: 'a & b' },
      },
    });
    expect(media.signatures).toEqual([twilioSignature(bench.simulator.authToken, `${PUBLIC}/media/twilio`)]);
    media.play(encodeUlaw(tone(1_300, 400)));
    await expect.poll(() => hearsTone(media.heard('inbound', 20), 600), { timeout: 5_000 }).toBe(true);
    await expect.poll(() => media.of('dtmf').map(({ dtmf }) => dtmf?.digit)).toEqual(['5']);
    media.hangUp();
    expect(await script.ended).toEqual({ done: 4 });
    await over(bench, made.sid);
    const frames = media.of('media').map(({ media: frame }) => frame!);
    expect(frames.every(({ payload }) => Buffer.from(payload, 'base64').length === FRAME_BYTES)).toBe(true);
    expect(frames.map(({ chunk, timestamp }) => [Number(chunk), Number(timestamp)])).toEqual(frames.map((_, index) => [index + 1, index * 20]));
    expect(media.messages.slice(1).map(({ sequenceNumber }) => Number(sequenceNumber))).toEqual(media.messages.slice(1).map((_, index) => index + 1));
    const events = () => bench.server.at('/stream').map(({ parameters }) => parameters['StreamEvent']).toSorted();
    await expect.poll(events).toEqual(['stream-started', 'stream-stopped']);
  });

  it('keeps the time of what is played: a mark comes back when it was heard, a clear drops what wasn’t', async () => {
    bench.server.serve({ '/voice': STREAM });
    call();
    await started();
    const began = performance.now();
    media.play(encodeUlaw(tone(500, 400)));
    media.say({ event: 'mark', mark: { name: 'first' } });
    await expect.poll(() => media.of('mark').length, { timeout: 5_000, interval: 10 }).toBe(1);
    expect(performance.now() - began).toBeGreaterThan(350);
    media.play(encodeUlaw(tone(500, 60_000)));
    media.say({ event: 'mark', mark: { name: 'second' } });
    media.say({ event: 'clear' });
    await expect.poll(() => media.of('mark').map(({ mark }) => mark?.name), { timeout: 5_000 }).toEqual(['first', 'second']);
    media.say({ event: 'mark', mark: { name: 'idle' } });
    await expect.poll(() => media.of('mark').length).toBe(3);
    expect(codes()).toEqual([]);
  });

  it('is stopped when the caller hangs up', async () => {
    bench.server.serve({ '/voice': STREAM });
    const { call: made } = call();
    await started();
    bench.simulator.voice.hangUp(made.sid);
    await expect.poll(() => media.of('stop')).toMatchObject([{ stop: { callSid: made.sid } }]);
  });

  it('warns of what isn’t its protocol', async () => {
    bench.server.serve({ '/voice': STREAM });
    call();
    await started();
    media.say({ event: 'shout' });
    media.say({ event: 'media', streamSid: 'MZother', media: { payload: '' } });
    media.say({ event: 'media', media: { payload: '', track: 'outbound' } });
    media.mumble('{"event":');
    media.mumble(new Uint8Array(160));
    await expect.poll(codes).toEqual([31951, 31951, 31951, 31950, 31951]);
    // Ten minutes wait at most.
    for (let minutes = 0; minutes < 11; minutes += 1) media.play(new Uint8Array(60 * 8_000));
    media.play(new Uint8Array(160));
    await expect.poll(codes, { timeout: 10_000 }).toEqual([31951, 31951, 31951, 31950, 31951, 31931]);
  });

  it.each([
    ['an address without TLS', 'ws://voice.example/media', 31922],
    ['an address with a query', `${PUBLIC}/media?leg=1`, 31923],
    ['nobody there', 'wss://127.0.0.1:9/media', 31920],
  ])('goes on with the action when there is %s', async (_, url, code) => {
    bench.server.serve({ '/voice': `<Connect action="/after"><Stream url="${url}"/></Connect>`, '/after': '<Say>After.</Say>' });
    const { call: made } = call();
    expect(words(await over(bench, made.sid))).toEqual(['After.']);
    expect(codes()).toEqual([code]);
  });
});

describe('<Start><Stream>', () => {
  it('lets somebody listen to both sides while the call goes on, until it is stopped by its name', async () => {
    bench.server.serve({
      '/voice': `<Start><Stream url="${PUBLIC}/listen" track="both_tracks" name="tap"/></Start><Redirect>/keys</Redirect>`,
      '/keys': '<Gather numDigits="1" action="/stop"><Play digits="1111111111"/></Gather>',
      '/stop': '<Stop><Stream name="tap"/></Stop><Say>Alone.</Say>',
    });
    const { script } = call([{ speak: { hz: 600, ms: 500 } }, { wait: 200 }, { press: '1' }, { untilSaid: 'Alone' }]);
    await started();
    expect(media.of('start')[0]!.start).toMatchObject({ tracks: ['inbound', 'outbound'] });
    await expect.poll(() => hearsTone(media.heard('inbound', 1_000), 600), { timeout: 5_000 }).toBe(true);
    expect(media.heard('outbound', 1_000).some((byte) => byte !== 0xff)).toBe(true);
    expect(await script.ended).toEqual({ done: 4 });
    await expect.poll(() => media.of('stop').length).toBe(1);
  });
});
