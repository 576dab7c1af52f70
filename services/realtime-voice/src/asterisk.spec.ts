import { randomUUID } from 'node:crypto';
import { findTone, hearsTone } from '@troncal/audio';
import { AgentInterruptedV1, ConversationEndedV1, TurnCompletedV1 } from '@troncal/contracts';
import { ANSWER_TONE_HZ, QUESTION_TONES } from '@troncal/simulator-openai-realtime';
import { eventually, startAsterisk, type AsteriskServer } from '@troncal/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { BareAri } from '../test/support/bare-ari.js';
import { SocketCaller } from '../test/support/socket-caller.js';
import { BRIEF, says, startVoice, type VoiceUnderTest } from '../test/support/voice-under-test.js';

let voice: VoiceUnderTest;
let edge: AsteriskServer;
let ari: BareAri;

beforeAll(async () => {
  voice = await startVoice();
  await voice.service.apiOf('demo').expect('PUT', '/api/agents/brief', BRIEF);
  await voice.greetingsMade(3);
  edge = await startAsterisk({ mediaUrl: `ws://127.0.0.1:${voice.mediaPort()}/media` });
  ari = await BareAri.open(edge.ari);
}, 120_000);
afterAll(async () => {
  ari?.close();
  await edge?.stop();
  await voice?.stop();
});

async function call(options: { readonly mute?: boolean; readonly bridgeAfterMs?: number } = {}): Promise<{ readonly caller: SocketCaller; readonly callId: string; readonly began: number; readonly hangUp: () => Promise<void> }> {
  const media = { app: 'troncal', transport: 'websocket', encapsulation: 'none', format: 'ulaw' };
  const bridge = randomUUID();
  await ari.send('POST', `/bridges/${bridge}`, { type: 'mixing,dtmf_events,proxy_media' });
  const callerChannel = randomUUID();
  await ari.send('POST', '/channels/externalMedia', { ...media, channelId: callerChannel, external_host: 'INCOMING', connection_type: 'server', transport_data: 'f(json)' });
  const { value } = await ari.send<{ value: string }>('GET', `/channels/${callerChannel}/variable`, { variable: 'MEDIA_WEBSOCKET_CONNECTION_ID' });
  const caller = new SocketCaller(await ari.connect(`/media/${value}`, ['media']));
  if (options.mute === true) caller.mute();
  await ari.join(bridge, callerChannel);
  const began = performance.now();
  const { callId, legId } = await voice.attach({ agent: 'brief' });
  const channelId = randomUUID();
  await ari.send('POST', '/channels/externalMedia', { ...media, channelId, external_host: 'voice', transport_data: `f(json)v(leg=${legId})` });
  await new Promise((resolve) => setTimeout(resolve, options.bridgeAfterMs ?? 0));
  await ari.join(bridge, channelId);
  return {
    caller,
    callId,
    began,
    hangUp: async () => {
      for (const channel of [channelId, callerChannel]) await ari.send('DELETE', `/channels/${channel}`);
      await ari.send('DELETE', `/bridges/${bridge}`);
      caller.close();
    },
  };
}

describe('through a real Asterisk', () => {
  it('greets whole, answers, falls silent when spoken over, and ends with the leg', async () => {
    voice.simulator.setFaults({ speechMs: 6_000 });
    const { caller, callId, began, hangUp } = await call();
    await eventually('the greeting', () => hearsTone(caller.audio(began), ANSWER_TONE_HZ, { minMs: 200 }), 15_000);
    const firstAt = caller.heard.find((frame) => frame.atMs >= began && hearsTone(frame.bytes, ANSWER_TONE_HZ, { minMs: 20, blockMs: 20 }))!.atMs;
    const greeting = await voice.service.seen(TurnCompletedV1, (event) => event.data.callId === callId && event.data.turn === 1);
    const heardGreeting = findTone(caller.audio(firstAt), ANSWER_TONE_HZ)!;
    expect(heardGreeting.toMs - heardGreeting.fromMs).toBeGreaterThanOrEqual(greeting.data.tookMs - 80);
    const asked = performance.now();
    caller.speak(says(QUESTION_TONES.question));
    await eventually('the answer', () => hearsTone(caller.audio(asked), ANSWER_TONE_HZ, { minMs: 400 }), 15_000);
    const spokeAt = performance.now();
    caller.speak(says(700, 500));
    const interrupted = await voice.service.seen(AgentInterruptedV1, (event) => event.data.callId === callId);
    await new Promise((resolve) => setTimeout(resolve, 600));
    const agentFrames = caller.heard.filter((frame) => frame.atMs > asked && hearsTone(frame.bytes, ANSWER_TONE_HZ, { minMs: 20, blockMs: 20 }));
    // 60 ms of speech make the provider sure of it; the rest is ours, Asterisk's and a busy machine's.
    expect(agentFrames.at(-1)!.atMs - spokeAt).toBeLessThan(500);
    expect(Math.abs(agentFrames.length * 20 - interrupted.data.heardMs)).toBeLessThanOrEqual(60);
    await hangUp();
    await voice.service.seen(ConversationEndedV1, (event) => event.data.callId === callId && event.data.reason === 'media_lost');
    expect(edge.log()).not.toMatch(/unresponsive|too long|WARNING.*websocket/i);
  }, 60_000);

  it.each([
    ['joins its bridge late', { bridgeAfterMs: 1_000 }],
    ['talks to a phone that sends nothing', { mute: true }],
  ])('greets whole when the leg %s', async (_, options) => {
    const { caller, began, hangUp } = await call(options);
    const greeting = await eventually('the greeting', () => findTone(caller.audio(began), ANSWER_TONE_HZ, { minMs: 950 }), 15_000);
    expect(greeting.toMs - greeting.fromMs).toBeGreaterThanOrEqual(950);
    await hangUp();
  });
});
