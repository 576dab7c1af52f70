import { connect, type Socket } from 'node:net';
import { ConversationEndedV1 } from '@troncal/contracts';
import { newLegId } from '@troncal/kernel';
import { ANSWER_TONE_HZ, QUESTION_TONES } from '@troncal/simulator-openai-realtime';
import { eventually } from '@troncal/testing';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import WebSocket from 'ws';
import { FakeAsterisk } from '../test/support/fake-asterisk.js';
import { BRIEF, says, startVoice, type TestCall, type VoiceUnderTest } from '../test/support/voice-under-test.js';

let voice: VoiceUnderTest;
/** A call that lives through all of it. */
let good: TestCall;

beforeAll(async () => {
  voice = await startVoice();
  await voice.service.apiOf('demo').expect('PUT', '/api/agents/brief', BRIEF);
  await voice.greetingsMade(3);
  voice.simulator.setFaults({ speechMs: 300 });
  good = await voice.call({ agent: 'brief' });
  await good.peer.greeted();
}, 120_000);
afterEach(() => {
  if (good.peer.socket.readyState !== WebSocket.OPEN) throw new Error('the good call is gone');
});
afterAll(() => voice.stop());

function raw(text: string): Promise<{ readonly answer: string; readonly tookMs: number }> {
  return new Promise((resolve, reject) => {
    const began = performance.now();
    const parts: Buffer[] = [];
    const socket: Socket = connect(voice.mediaPort(), '127.0.0.1', () => socket.write(text));
    socket.on('data', (part) => parts.push(part));
    socket.on('error', reject);
    socket.on('close', () => resolve({ answer: Buffer.concat(parts).toString('utf8'), tookMs: performance.now() - began }));
  });
}

const upgrade = (path: string, headers: readonly string[] = []): string =>
  [`GET ${path} HTTP/1.1`, 'Host: media', 'Upgrade: websocket', 'Connection: Upgrade', 'Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==', 'Sec-WebSocket-Version: 13', 'Sec-WebSocket-Protocol: media', ...headers, '', ''].join('\r\n');

describe('the media port', () => {
  it.each([
    ['an unknown leg', () => upgrade(`/media?leg=${newLegId()}`), '404'],
    ['no leg', () => upgrade('/media'), '404'],
    ['a leg that is no UUID', () => upgrade("/media?leg=1'%20OR%201=1"), '404'],
    ['another path', () => upgrade(`/?leg=${newLegId()}`), '404'],
    ['a browser', () => upgrade(`/media?leg=${newLegId()}`, ['Origin: http://evil.example']), '403'],
    ['plain HTTP', () => 'GET /media HTTP/1.1\r\nHost: media\r\n\r\n', '426'],
    ['garbage', () => '\u0000\u0001\u0002not http at all\r\n\r\n', '400'],
  ])('refuses %s within a second', async (_, text, status) => {
    const { answer, tookMs } = await raw(text());
    expect(answer).toMatch(new RegExp(`^HTTP/1.1 ${status} `));
    expect(tookMs).toBeLessThan(1_000);
  });
});

// Each with legs of its own, so they run beside each other.
describe.concurrent('the media port', () => {
  it('closes a leg that never says MEDIA_START, and a connection that never says anything', async () => {
    const { peer } = await voice.call({ agent: 'brief' }, { startAfterMs: 60_000 });
    const silent = raw('');
    expect((await peer.closed).code).toBe(1002);
    expect((await silent).answer).not.toContain('101');
  });

  it('lets a leg in once', async () => {
    const { legId } = await voice.attach({ agent: 'brief' });
    const [first, second] = await Promise.allSettled([FakeAsterisk.connect(voice.mediaPort(), legId), FakeAsterisk.connect(voice.mediaPort(), legId)]);
    const admitted = [first, second].filter((result) => result.status === 'fulfilled');
    expect(admitted.length).toBe(1);
    await expect(FakeAsterisk.connect(voice.mediaPort(), legId)).rejects.toThrow('refused with 404');
    admitted[0]!.value.hangUp();
  });

  it.each([
    ['no key', (text: string) => text.replace(/Sec-WebSocket-Key: .*\r\n/, ''), '400'],
    ['a subprotocol said twice', (text: string) => text.replace('Protocol: media', 'Protocol: media, media'), '400'],
    ['another method', (text: string) => text.replace('GET', 'POST'), '405'],
  ])('takes no leg for a handshake with %s: Asterisk gets in after it', async (_, spoilt, status) => {
    const { legId } = await voice.attach({ agent: 'brief' });
    expect((await raw(spoilt(upgrade(`/media?leg=${legId}`)))).answer).toMatch(new RegExp(`^HTTP/1.1 ${status} `));
    const peer = await FakeAsterisk.connect(voice.mediaPort(), legId);
    await eventually('the greeting', () => peer.heard.length > 30, 10_000);
    peer.hangUp();
  });

  it('refuses the leg of a call that is over', async () => {
    const { callId, legId } = await voice.attach({ agent: 'brief' });
    await voice.attach({ callId, agent: 'brief' });
    await expect(FakeAsterisk.connect(voice.mediaPort(), legId)).rejects.toThrow('refused with 404');
  });

  it.each([
    ['an oversize frame', (peer: FakeAsterisk) => peer.socket.send(Buffer.alloc(100_000)), 1009],
    ['text that is no JSON, again and again', (peer: FakeAsterisk) => Array.from({ length: 12 }, () => peer.socket.send('junk')), 1007],
    ['another codec than agreed', (peer: FakeAsterisk) => peer.say({ event: 'MEDIA_START', connection_id: 'c', channel: 'c', channel_id: 'c', format: 'slin16', optimal_frame_size: 640, ptime: 20, channel_variables: {} }), 1003],
    ['a malformed WebSocket frame', (peer: FakeAsterisk) => void (peer.socket as WebSocket & { _socket: Socket })._socket.write(Buffer.from([0xff, 0xff, 0x01])), 1002],
  ])('ends the leg that sends %s, and no other', async (_, act, code) => {
    const { peer } = await voice.call({ agent: 'brief' });
    act(peer);
    expect((await peer.closed).code).toBe(code);
  });

  it('takes frames of odd sizes, unknown events and a few unreadable ones as they come', async () => {
    const { peer } = await voice.call({ agent: 'brief' });
    for (const size of [0, 1, 7, 159, 161, 480]) peer.socket.send(Buffer.alloc(size, 0xff));
    peer.say({ event: 'EVENT_OF_THE_FUTURE', anything: 1 });
    peer.say({ event: 'MEDIA_MARK_PROCESSED', correlation_id: 'nobody' });
    peer.say({ event: 'MEDIA_XON' });
    peer.socket.send('junk');
    const asked = performance.now();
    await eventually('the greeting', () => peer.heard.length > 30, 10_000);
    peer.speak(says(QUESTION_TONES.question, 300));
    await peer.hears(ANSWER_TONE_HZ, asked);
    expect(peer.lostBytes).toBe(0);
    peer.hangUp();
  });

  it('takes audio before MEDIA_START, which comes late in some calls', async () => {
    const { peer } = await voice.call({ agent: 'brief' }, { startAfterMs: 700 });
    await eventually('the greeting', () => peer.heard.length > 30, 10_000);
    expect(peer.heard[0]!.atMs - peer.openedAt).toBeLessThan(250);
    peer.hangUp();
  });

  it('outlives a peer that leaves without a goodbye', async () => {
    const { peer, callId } = await voice.call({ agent: 'brief' });
    peer.socket.terminate();
    const ended = await voice.service.seen(ConversationEndedV1, (event) => event.data.callId === callId);
    expect(ended.data.reason).toBe('media_lost');
  });
});

describe('the media port', () => {
  it('has all the while kept the good call, which still talks', async () => {
    const asked = performance.now();
    good.peer.speak(says(QUESTION_TONES.question, 300));
    expect(await good.peer.hears(ANSWER_TONE_HZ, asked)).toBe(true);
  });
});
