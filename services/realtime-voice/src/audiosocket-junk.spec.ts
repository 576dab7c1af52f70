import { connect, type Socket } from 'node:net';
import { hearsTone } from '@troncal/audio';
import { ConversationEndedV1, DetachV1 } from '@troncal/contracts';
import { newLegId, withDeadline } from '@troncal/kernel';
import { encodeAudioSocket } from '@troncal/media-protocols';
import { ANSWER_TONE_HZ, QUESTION_TONES } from '@troncal/simulator-openai-realtime';
import { eventually } from '@troncal/testing';
import fc from 'fast-check';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { audioMessage, RawAudioSocket } from '../test/support/raw-audiosocket.js';
import { BRIEF, says, startVoice, type VoiceUnderTest } from '../test/support/voice-under-test.js';

let voice: VoiceUnderTest;
/** A call that lives through all of it. */
let good: RawAudioSocket;

beforeAll(async () => {
  voice = await startVoice();
  await voice.service.apiOf('demo').expect('PUT', '/api/agents/brief', BRIEF);
  await voice.greetingsMade(3);
  voice.simulator.setFaults({ speechMs: 300 });
  good = (await call()).peer;
  await eventually('the greeting', () => hearsTone(good.audio(), ANSWER_TONE_HZ), 20_000);
}, 120_000);
afterEach(() => {
  if (good.socket.readyState !== 'open') throw new Error('the good call is gone');
});
afterAll(() => voice.stop());

async function call(): Promise<{ peer: RawAudioSocket; callId: string }> {
  const { callId, legId } = await voice.attach({ agent: 'brief' });
  return { callId, peer: await RawAudioSocket.connect(voice.audioSocketPort(), legId) };
}

/** Writes pieces one after the other, whole each, and tells when the other side closed and what it said before. */
function raw(pieces: readonly Uint8Array[]): Promise<{ readonly said: number; readonly tookMs: number }> {
  return new Promise((resolve) => {
    const began = performance.now();
    let said = 0;
    const socket: Socket = connect({ port: voice.audioSocketPort(), host: '127.0.0.1', noDelay: true }, () => {
      for (const piece of pieces) socket.write(piece);
    });
    socket.on('data', (part) => (said += part.length));
    socket.on('error', () => {});
    socket.on('close', () => resolve({ said, tookMs: performance.now() - began }));
  });
}
const hello = (legId: string): Uint8Array => encodeAudioSocket({ kind: 'uuid', uuid: legId });
const SILENCE = new Uint8Array(160).fill(0xff);

describe('the AudioSocket port', () => {
  it.each([
    ['an unknown leg', () => [hello(newLegId())]],
    ['an unknown leg, byte by byte', () => Array.from(hello(newLegId()), (byte) => Uint8Array.of(byte))],
    ['audio before a UUID', () => [audioMessage(SILENCE)]],
    ['HTTP', () => [Buffer.from('GET / HTTP/1.1\r\n\r\n')]],
    ['a UUID of 17 bytes', () => [Uint8Array.of(1, 0, 17, ...new Uint8Array(17))]],
  ])('closes on %s within a second and says nothing', async (_, pieces) => {
    const { said, tookMs } = await raw(pieces());
    expect(said).toBe(0);
    expect(tookMs).toBeLessThan(1_000);
  });
});

// Each with legs of its own, so they run beside each other.
describe.concurrent('the AudioSocket port', () => {
  it('closes a connection that never says who it is, or only half of it', async () => {
    const answers = await Promise.all([raw([]), raw([hello(newLegId()).subarray(0, 12)])]);
    expect(answers.map(({ said }) => said)).toEqual([0, 0]);
  });

  it('lets a leg in once, and not after its call is over', async () => {
    const { peer, callId } = await call();
    await eventually('the greeting', () => peer.heard.length > 20, 10_000);
    const { legId } = await voice.attach({ agent: 'brief' });
    const both = [await RawAudioSocket.connect(voice.audioSocketPort(), legId), await RawAudioSocket.connect(voice.audioSocketPort(), legId)];
    await Promise.race(both.map((each) => each.closed));
    await eventually('the other one talks', () => both.some((each) => each.heard.length > 20), 10_000);
    expect(both.filter((each) => each.heard.length > 0)).toHaveLength(1);
    expect((await raw([hello(legId)])).said).toBe(0);
    await voice.ask(DetachV1, { callId, reason: 'detached' });
    await peer.closed;
    expect(peer.hangups).toHaveLength(1);
    for (const each of both) each.socket.destroy();
  });

  it('ends the leg that sends junk, and no other', async () => {
    const junk = [
      Uint8Array.of(0x10, 0xff, 0xfe),
      Uint8Array.of(0x02, 0, 0),
      Uint8Array.of(0x10, 0, 3, 1, 2, 3),
      encodeAudioSocket({ kind: 'audio', rate: 16_000, bytes: new Uint8Array(640) }),
      hello(newLegId()),
    ];
    await Promise.all(
      junk.map(async (bytes) => {
        const { peer, callId } = await call();
        await eventually('the leg is heard', () => peer.heard.length > 0, 10_000);
        peer.socket.write(bytes);
        await peer.closed;
        const ended = await voice.service.seen(ConversationEndedV1, (event) => event.data.callId === callId);
        expect(ended.data.reason).toBe('media_lost');
      }),
    );
  });

  it('understands the caller however the frames are split and merged', async () => {
    const { callId, legId } = await voice.attach({ agent: 'brief' });
    const peer = await RawAudioSocket.connect(voice.audioSocketPort(), legId);
    peer.stopStream();
    await eventually('the greeting', () => hearsTone(peer.audio(), ANSWER_TONE_HZ), 10_000);
    const speech = says(QUESTION_TONES.question, 400);
    const stream = Buffer.concat(Array.from({ length: Math.floor(speech.length / 160) }, (_, i) => audioMessage(speech.subarray(i * 160, (i + 1) * 160))));
    const asked = performance.now();
    for (let at = 0, size = 1; at < stream.length; at += size, size = (size * 7 + 5) % 701) peer.socket.write(stream.subarray(at, at + size));
    expect(await eventually('an answer', () => hearsTone(peer.audio(asked), ANSWER_TONE_HZ), 20_000)).toBe(true);
    await voice.ask(DetachV1, { callId, reason: 'detached' });
  });

  it('survives any mutation of a stream, cut anywhere', async () => {
    const { callId, legId } = await voice.attach({ agent: 'brief' });
    await fc.assert(
      fc.asyncProperty(fc.uint8Array({ maxLength: 400 }), fc.array(fc.tuple(fc.nat(), fc.nat(255)), { maxLength: 4 }), fc.nat(), async (tail, changes, cut) => {
        const stream = Buffer.concat([hello(legId), audioMessage(SILENCE), encodeAudioSocket({ kind: 'dtmf', digit: '1' }), tail]);
        for (const [place, value] of changes) stream[place % stream.length] = value;
        const socket = connect({ port: voice.audioSocketPort(), host: '127.0.0.1' });
        socket.on('error', () => {});
        // A leg that was let in may have said something before it saw the end, and what isn't read is never over.
        socket.resume();
        const closed = new Promise((resolve) => socket.once('close', resolve));
        socket.write(stream.subarray(0, cut % stream.length));
        socket.write(stream.subarray(cut % stream.length));
        socket.end();
        await withDeadline(closed, 15_000, `The end of a connection that sent ${stream.toString('hex')}, cut at ${cut % stream.length},`);
      }),
      { numRuns: 100, endOnFailure: true },
    );
    expect(await voice.ask(DetachV1, { callId, reason: 'detached' })).toEqual({ detached: true });
  }, 90_000);

  it('says silence twice a second to an idle line, so that Asterisk keeps the leg', async () => {
    const { peer, callId } = await call();
    peer.stopStream();
    await eventually('the greeting is over', () => hearsTone(peer.audio(), ANSWER_TONE_HZ) && !hearsTone(peer.audio(performance.now() - 300), ANSWER_TONE_HZ), 15_000);
    const from = performance.now();
    await eventually('three frames', () => peer.heard.filter((frame) => frame.atMs > from).length >= 3, 6_000);
    const times = peer.heard.filter((frame) => frame.atMs > from).map((frame) => frame.atMs);
    const gaps = times.map((at, i) => at - (times[i - 1] ?? from));
    expect(Math.max(...gaps)).toBeLessThan(1_900);
    await voice.ask(DetachV1, { callId, reason: 'detached' });
  });
});

describe('the AudioSocket port', () => {
  it('has all the while kept the good call, which still talks', async () => {
    const asked = performance.now();
    good.speak(says(QUESTION_TONES.question, 300));
    expect(await eventually('an answer', () => hearsTone(good.audio(asked), ANSWER_TONE_HZ), 20_000)).toBe(true);
  });
});
