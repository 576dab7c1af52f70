import { randomUUID } from 'node:crypto';
import { findTone, hearsTone } from '@troncal/audio';
import { AriClient } from '@troncal/ari';
import { AgentInterruptedV1, ConversationEndedV1, TurnCompletedV1 } from '@troncal/contracts';
import { ANSWER_TONE_HZ, QUESTION_TONES } from '@troncal/simulator-openai-realtime';
import { eventually, startAsterisk, type AsteriskServer } from '@troncal/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { SocketCaller } from '../test/support/socket-caller.js';
import { BRIEF, says, startVoice, type VoiceUnderTest } from '../test/support/voice-under-test.js';

let voice: VoiceUnderTest;
let edge: AsteriskServer;
let ari: AriClient;

beforeAll(async () => {
  voice = await startVoice();
  await voice.service.apiOf('demo').expect('PUT', '/api/agents/brief', BRIEF);
  await voice.greetingsMade(3);
  edge = await startAsterisk({ mediaUrl: `ws://127.0.0.1:${voice.mediaPort()}/media` });
  ari = new AriClient({ address: edge.ari, app: 'troncal', onFault: () => {} });
  ari.start();
  await ari.connected(20_000);
}, 120_000);
afterAll(async () => {
  ari?.close();
  await edge?.stop();
  await voice?.stop();
});

async function call(options: { readonly mute?: boolean; readonly bridgeAfterMs?: number } = {}): Promise<{ readonly caller: SocketCaller; readonly callId: string; readonly began: number; readonly hangUp: () => Promise<void> }> {
  const callerChannel = randomUUID();
  const callerEntered = ari.whenChannelEnters(callerChannel, 15_000);
  const made = await ari.channels.externalMedia({ channelId: callerChannel, app: 'troncal', external_host: 'INCOMING', transport: 'websocket', encapsulation: 'none', connection_type: 'server', format: 'ulaw', transport_data: 'f(json)' });
  const { value } = await ari.channels.getChannelVar({ channelId: made.id, variable: 'MEDIA_WEBSOCKET_CONNECTION_ID' });
  const authorization = `Basic ${Buffer.from(`${edge.ari.user}:${edge.ari.password}`).toString('base64')}`;
  const caller = await SocketCaller.connect(`ws://${edge.ari.host}:${edge.ari.port}/media/${value}`, { authorization });
  if (options.mute === true) caller.mute();
  await callerEntered;
  const bridge = await ari.bridges.create({ type: 'mixing,dtmf_events,proxy_media' });
  await ari.bridges.addChannel({ bridgeId: bridge.id, channel: [callerChannel] });
  const began = performance.now();
  const { callId, legId } = await voice.attach({ agent: 'brief' });
  const channelId = randomUUID();
  const entered = ari.whenChannelEnters(channelId, 15_000);
  await ari.channels.externalMedia({ channelId, app: 'troncal', external_host: 'voice', transport: 'websocket', encapsulation: 'none', format: 'ulaw', transport_data: `f(json)v(leg=${legId})` });
  await entered;
  await new Promise((resolve) => setTimeout(resolve, options.bridgeAfterMs ?? 0));
  await ari.bridges.addChannel({ bridgeId: bridge.id, channel: [channelId] });
  return {
    caller,
    callId,
    began,
    hangUp: async () => {
      await ari.channels.hangup({ channelId });
      await ari.channels.hangup({ channelId: callerChannel });
      await ari.bridges.destroy({ bridgeId: bridge.id });
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
