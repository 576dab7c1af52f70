import { connect, type Socket } from 'node:net';
import { hearsTone } from '@troncal/audio';
import { newLegId } from '@troncal/kernel';
import { ANSWER_TONE_HZ, QUESTION_TONES } from '@troncal/simulator-openai-realtime';
import { eventually } from '@troncal/testing';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import WebSocket from 'ws';
import { FakeTwilio } from '../test/support/fake-twilio.js';
import { BRIEF, says, startVoice, type StreamedCall, type VoiceUnderTest } from '../test/support/voice-under-test.js';

let voice: VoiceUnderTest;
/** A call that lives through all of it. */
let good: StreamedCall;

beforeAll(async () => {
  voice = await startVoice();
  await voice.service.apiOf('demo').expect('PUT', '/api/agents/brief', BRIEF);
  await voice.greetingsMade(3);
  voice.simulator.setFaults({ speechMs: 300 });
  good = await voice.stream({ agent: 'brief' });
  await good.peer.greeted();
}, 120_000);
afterEach(async () => {
  const asked = performance.now();
  good.peer.speak(says(QUESTION_TONES.question, 300));
  await eventually('the good call still talks', () => hearsTone(good.peer.audio(asked), ANSWER_TONE_HZ) && good.peer.queuedFrames === 0, 20_000);
});
afterAll(() => voice.stop());

/** A socket at Twilio's address that has said nothing. */
async function open(): Promise<FakeTwilio> {
  const socket = new WebSocket(`${voice.url().replace('http', 'ws')}/media/twilio`);
  const peer = new FakeTwilio(socket);
  await new Promise<void>((resolve, reject) => {
    socket.once('open', resolve);
    socket.once('error', reject);
  });
  return peer;
}

async function ofGoodLeg(): Promise<FakeTwilio> {
  return (await voice.stream({ agent: 'brief' })).peer;
}

/** Sends a request as it is and reads the first line of the answer. */
function statusOf(lines: readonly string[]): Promise<string> {
  return new Promise((resolve, reject) => {
    const { port } = new URL(voice.url());
    const socket: Socket = connect(Number(port), '127.0.0.1', () => socket.write([...lines, '', ''].join('\r\n')));
    socket.on('error', reject);
    socket.once('data', (piece: Buffer) => {
      resolve(piece.toString('utf8').split('\r\n', 1)[0] ?? '');
      socket.destroy();
    });
  });
}
const upgrade = (path: string, more: readonly string[] = []): string[] => [`GET ${path} HTTP/1.1`, 'Host: voice', 'Upgrade: websocket', 'Connection: Upgrade', 'Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==', 'Sec-WebSocket-Version: 13', ...more];

describe('the address of Twilio’s streams', () => {
  it.each([
    ['another path', upgrade('/media/other'), '401'],
    ['a path of the API', upgrade('/api/agents'), '401'],
    ['a path below it', upgrade('/media/twilio/x'), '401'],
    ['another protocol', upgrade('/media/twilio').map((line) => line.replace('Upgrade: websocket', 'Upgrade: h2c')), '401'],
    ['a path that is served as a request', upgrade('/health/live'), '200'],
    ['no key for the handshake', upgrade('/media/twilio').filter((line) => !line.includes('-Key')), '400'],
    ['another method', upgrade('/media/twilio').map((line) => line.replace('GET', 'POST')), '405'],
  ])('refuses the upgrade of %s', async (_, lines, status) => {
    expect(await statusOf(lines)).toMatch(new RegExp(`^HTTP/1.1 ${status} `));
  });

  it.each<[string, (peer: FakeTwilio) => void, number, string]>([
    ['an unknown leg', (peer) => peer.start({ leg: newLegId() }), 1008, 'this leg is unknown, used or over'],
    ['no leg', (peer) => peer.start({ other: 'x' }), 1008, "no parameter 'leg' with a leg's id"],
    ['a leg that is no UUID', (peer) => peer.start({ leg: "1' OR 1=1" }), 1008, "no parameter 'leg' with a leg's id"],
    ['audio before the start', (peer) => peer.tell({ event: 'media', media: { track: 'inbound', payload: '/w==' } }), 1002, "'media' came before 'start'"],
    ['a second greeting instead of the start', (peer) => [1, 2].forEach(() => peer.say({ event: 'connected', protocol: 'Call' })), 1002, "'connected' came before 'start'"],
    ['another codec', (peer) => peer.start({ leg: newLegId() }, { encoding: 'audio/x-l16', sampleRate: 16_000, channels: 1 }), 1002, 'start: start.mediaFormat.encoding must be "audio/x-mulaw"; start.mediaFormat.sampleRate must be 8000'],
    ['junk', (peer) => peer.socket.send('junk'), 1002, 'not a JSON object'],
    ['bytes', (peer) => peer.socket.send(Buffer.alloc(160)), 1002, 'a binary message'],
    ['too much at once', (peer) => peer.socket.send('x'.repeat(100_000)), 1009, ''],
    ['nothing at all', () => {}, 1002, 'no start came'],
  ])('closes a stream with %s, and says why', async (_, act, code, reason) => {
    const peer = await open();
    act(peer);
    expect(await peer.closed).toEqual({ code, reason });
  });

  it('lets a leg in once, and not when its call is over', async () => {
    const { legId } = await voice.attachStream({ agent: 'brief' });
    const both = await Promise.all([1, 2].map(() => FakeTwilio.connect(voice.url(), { leg: legId })));
    const refused = await Promise.race(both.map(async (peer) => ({ peer, ...(await peer.closed) })));
    expect(refused.code).toBe(1008);
    const admitted = both.find((peer) => peer !== refused.peer)!;
    await eventually('the greeting', () => admitted.heard.length > 30, 10_000);
    admitted.hangUp();
    expect((await (await FakeTwilio.connect(voice.url(), { leg: legId })).closed).code).toBe(1008);
    const over = await voice.attachStream({ agent: 'brief' });
    await voice.attachStream({ callId: over.callId, agent: 'brief' });
    expect((await (await FakeTwilio.connect(voice.url(), { leg: over.legId })).closed).code).toBe(1008);
  });

  it('takes no leg that speaks A-law, and none is made for a stream', async () => {
    const { legId } = await voice.attach({ agent: 'brief', format: 'alaw' });
    expect((await (await FakeTwilio.connect(voice.url(), { leg: legId })).closed).code).toBe(1003);
    await expect(voice.attachStream({ agent: 'brief', format: 'alaw' })).rejects.toMatchObject({ code: 'stream_not_ulaw' });
  });

  it.each<[string, (peer: FakeTwilio) => void, number]>([
    ['an oversize message', (peer) => peer.socket.send('x'.repeat(100_000)), 1009],
    ['what can’t be read, again and again', (peer) => Array.from({ length: 12 }, () => peer.socket.send('junk')), 1007],
    ['bytes, again and again', (peer) => Array.from({ length: 12 }, () => peer.socket.send(Buffer.alloc(160))), 1007],
    ['a second start', (peer) => peer.start({ leg: newLegId() }), 1002],
    ['messages of another stream', (peer) => peer.say({ event: 'media', streamSid: 'MZother', media: { track: 'inbound', payload: '/w==' } }), 1002],
    ['a malformed WebSocket frame', (peer) => void (peer.socket as WebSocket & { _socket: Socket })._socket.write(Buffer.from([0xff, 0xff, 0x01])), 1002],
  ])('ends the stream that sends %s, and no other', async (_, act, code) => {
    const peer = await ofGoodLeg();
    await eventually('the greeting', () => peer.heard.length > 5, 10_000);
    act(peer);
    expect((await peer.closed).code).toBe(code);
  });

  it('takes audio of odd sizes, other tracks, unknown events, marks of nobody and a few unreadable ones as they come', async () => {
    const peer = await ofGoodLeg();
    const payload = (bytes: number): object => ({ event: 'media', media: { track: 'inbound', payload: Buffer.alloc(bytes, 0xff).toString('base64') } });
    for (const size of [0, 1, 7, 159, 161, 480]) peer.tell(payload(size));
    peer.tell({ event: 'media', media: { track: 'outbound', payload: '/w==' } });
    peer.tell({ event: 'of-the-future', anything: 1 });
    peer.tell({ event: 'mark', mark: { name: 'nobody' } });
    peer.tell({ event: 'dtmf', dtmf: { digit: 'D' } });
    peer.socket.send('junk');
    await eventually('the greeting', () => peer.heard.length > 30 && peer.queuedFrames === 0, 10_000);
    const asked = performance.now();
    peer.speak(says(QUESTION_TONES.question, 300));
    await peer.hears(ANSWER_TONE_HZ, asked);
    expect(peer.complaints).toEqual([]);
    peer.hangUp();
  });

  it('lets a call in while strangers hold hundreds of sockets open and say nothing: those who wait for longest go', async () => {
    const strangers = await Promise.all(Array.from({ length: 230 }, () => open()));
    const peer = await ofGoodLeg();
    await eventually('the greeting', () => peer.heard.length > 30, 10_000);
    const codes = await Promise.all(strangers.map((stranger) => stranger.closed));
    expect(codes.filter(({ code }) => code === 1013).length).toBeGreaterThanOrEqual(30);
    expect(codes.every(({ code }) => code === 1013 || code === 1002)).toBe(true);
    peer.hangUp();
  });
});
