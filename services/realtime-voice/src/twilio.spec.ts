import { FRAME_MS, hearsTone } from '@troncal/audio';
import { AgentInterruptedV1, ConversationEndedV1, ConversationStartedV1, DetachV1, EngineChangedV1, HandoffRequestedV1, HandoffV1, HangupV1, ToolCompletedV1, TurnCompletedV1 } from '@troncal/contracts';
import { newLegId } from '@troncal/kernel';
import { ANSWER_TONE_HZ, QUESTION_TONES } from '@troncal/simulator-openai-realtime';
import { eventually } from '@troncal/testing';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { says, startVoice, type VoiceUnderTest } from '../test/support/voice-under-test.js';

let voice: VoiceUnderTest;

beforeAll(async () => {
  voice = await startVoice();
  await voice.greetingsMade(2);
}, 120_000);
afterAll(() => voice.stop());

const standsFor = (frames: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, frames * FRAME_MS));
/** As PlayoutQueue's. */
const FRAMES_BETWEEN_MARKS = 10;
const turnsOf = (callId: string) => voice.service.events.flatMap(({ envelope }) => (envelope.type === TurnCompletedV1.type && envelope.correlationid === callId ? [TurnCompletedV1.read(envelope).data] : []));
const endedOf = (callId: string) => voice.service.seen(ConversationEndedV1, (event) => event.data.callId === callId);

// Each with an agent of its own, so they run beside each other.
describe.concurrent('a call on a stream of Twilio', () => {
  it('waits where it is while an interruption is not certain, and goes on when it was none', () => voice.inStream({ speechMs: 2_500 }, async ({ peer, callId }) => {
    await peer.greeted();
    const asked = performance.now();
    peer.speak(says(QUESTION_TONES.question));
    await peer.hears(ANSWER_TONE_HZ, asked);
    peer.speak(says(700, 300));
    const clear = await eventually('the clear', () => peer.commands.find(({ atMs }) => atMs > asked));
    await eventually('the agent goes on', () => peer.heard.length > clear.heard + 50, 15_000);
    await eventually('the answer is told whole', () => turnsOf(callId).some(({ turn, interrupted, role }) => turn === 3 && role === 'agent' && !interrupted), 20_000);
    // Two and a half seconds, but for what the pause cost.
    expect(peer.heard.filter(({ atMs }) => atMs > asked).length * FRAME_MS).toBeGreaterThan(2_400);
  }, { settings: { bargeIn: { enabled: true, greeting: true, confirmMs: 1_500, echoGuardDb: null } } }));

  it('hears the greeting, then an answer to its question, and all of it is told as on any other leg', () => voice.inStream({ speechMs: 1_500 }, async ({ agent, peer, callId, conversationId, legId }) => {
    await peer.greeted();
    expect(hearsTone(peer.audio(), ANSWER_TONE_HZ)).toBe(true);
    const asked = performance.now();
    peer.speak(says(QUESTION_TONES.question));
    await peer.hears(ANSWER_TONE_HZ, asked);
    const started = await voice.service.seen(ConversationStartedV1, (event) => event.data.callId === callId);
    expect(started.data).toMatchObject({ conversationId, legId, engine: 'openai-realtime', resumed: false, agent: { code: agent } });
    await eventually('three turns', () => turnsOf(callId).length >= 3, 20_000);
    peer.hangUp();
    expect((await endedOf(callId)).data).toMatchObject({ reason: 'call_ended', engine: 'openai-realtime', turns: 3 });
    const [greeting, question, answer] = turnsOf(callId).toSorted((a, b) => a.turn - b.turn);
    expect(greeting).toMatchObject({ turn: 1, role: 'agent', interrupted: false, text: expect.stringMatching(/^SIMULATED. Hola/) });
    expect(question).toMatchObject({ turn: 2, role: 'caller', text: expect.stringMatching(/500 Hz/) });
    expect(answer).toMatchObject({ turn: 3, role: 'agent', interrupted: false });
    expect(await voice.outcome(legId)).toEqual({ outcome: 'caller_gone', resumable: false });
  }));

  it('silences the agent when the caller speaks: Twilio is told to clear, and events and provider know what was heard', () => voice.inStream({ speechMs: 8_000 }, async ({ peer, callId, sessions }) => {
    await peer.greeted();
    const asked = performance.now();
    peer.speak(says(QUESTION_TONES.question));
    await peer.hears(ANSWER_TONE_HZ, asked);
    // Nothing is played any more: what the caller hears of the answer is then certain, however slow this machine is.
    peer.standStill();
    await eventually('the stream stands still', () => peer.standsStill);
    await peer.reached();
    await standsFor(FRAMES_BETWEEN_MARKS + 1);
    const heardMs = peer.heard.filter((frame) => frame.atMs > asked).length * FRAME_MS;
    peer.speak(says(700, 20_000));
    const clear = await eventually('the clear', () => peer.commands.find(({ atMs }) => atMs > asked));
    expect(clear).toMatchObject({ name: 'clear' });
    await standsFor(20);
    expect(peer.heard.length).toBe(clear.heard);
    const interrupted = await voice.service.seen(AgentInterruptedV1, (event) => event.data.callId === callId);
    // What Twilio gives back at the clear was dropped, not heard.
    expect(interrupted.data.heardMs).toBe(heardMs);
    const truncated = await eventually('the truncation', () => sessions().flatMap((session) => session.events).find((event) => event.type === 'conversation.item.truncated'));
    expect(truncated.event['audio_end_ms']).toBe(heardMs);
    peer.unsaid();
    const turn = await voice.service.seen(TurnCompletedV1, (event) => event.data.callId === callId && event.data.interrupted);
    expect(turn.data.text.startsWith(turn.data.heard!)).toBe(true);
    expect(turn.data.heard!.length).toBeLessThan(turn.data.text.length);
  }));

  it('leaves the agent by a key of the route, at once, and whoever asks hears which one and what was said', () => voice.inStream({ speechMs: 8_000 }, async ({ peer, callId, legId, sessions }) => {
    await peer.greeted();
    const asked = performance.now();
    peer.speak(says(QUESTION_TONES.question));
    await peer.hears(ANSWER_TONE_HZ, asked);
    peer.press('4');
    peer.press('#');
    expect(await peer.closed).toMatchObject({ code: 1000 });
    expect(await voice.outcome(legId)).toEqual({ outcome: 'digit', digit: '#', resumable: false, summary: expect.stringContaining('500 Hz') as string });
    expect((await endedOf(callId)).data.reason).toBe('handoff');
    expect(voice.gateway.of(callId)).toEqual([]);
    // Neither key was the model's to see.
    const told = JSON.stringify(sessions().flatMap((session) => session.events.filter((event) => event.direction === 'received' && event.type !== 'session.update')));
    expect(told).not.toContain('"4"');
  }, { attach: { digits: ['0', '#'] } }));

  it('goes to a person at the agent’s wish, after the agent has said so', () => voice.inStream({ speechMs: 600 }, async ({ peer, callId, legId }) => {
    await peer.greeted();
    const asked = performance.now();
    peer.speak(says(QUESTION_TONES.person));
    expect(await peer.closed).toMatchObject({ code: 1000 });
    expect(hearsTone(peer.audio(asked), ANSWER_TONE_HZ)).toBe(true);
    expect(peer.queuedFrames).toBe(0);
    expect(await voice.outcome(legId)).toEqual({ outcome: 'handoff', reason: 'the caller asked for a person', summary: expect.stringMatching(/^SIMULATED summary/) as string, resumable: false });
    await voice.service.seen(HandoffRequestedV1, (event) => event.data.callId === callId);
    const completed = await voice.service.seen(ToolCompletedV1, (event) => event.data.callId === callId);
    expect(completed.data).toMatchObject({ tool: 'transfer_to_person', outcome: 'ok' });
    const ended = await endedOf(callId);
    expect(ended.data.reason).toBe('handoff');
    expect(ended.sequence).toBeGreaterThan(completed.sequence);
    // No gateway is asked for what is not in its hands.
    expect(voice.gateway.of(callId).filter(({ subject }) => subject === HandoffV1.subject)).toEqual([]);
  }));

  it('is over when the agent has said goodbye', () => voice.inStream({ speechMs: 600 }, async ({ peer, callId, legId }) => {
    await peer.greeted();
    peer.speak(says(QUESTION_TONES.goodbye));
    await peer.closed;
    expect(await voice.outcome(legId)).toMatchObject({ outcome: 'ended', resumable: false });
    expect((await endedOf(callId)).data.reason).toBe('agent_hangup');
    expect(voice.gateway.of(callId).filter(({ subject }) => subject === HangupV1.subject)).toEqual([]);
  }));

  it('ends when its conversation is ended by command', () => voice.inStream({ speechMs: 600 }, async ({ peer, callId, legId }) => {
    await peer.greeted();
    await voice.ask(DetachV1, { callId, reason: 'detached' });
    await peer.closed;
    await endedOf(callId);
    expect(await voice.outcome(legId)).toEqual({ outcome: 'ended', resumable: false });
  }));

  it('goes on where it was when the connection broke, on another stream: no second greeting, and the past is known', () => voice.inStream({ speechMs: 600 }, async ({ agent, peer, callId, legId, conversationId, sessions }) => {
    await peer.greeted();
    const asked = performance.now();
    peer.speak(says(QUESTION_TONES.question, 400));
    await peer.hears(ANSWER_TONE_HZ, asked);
    peer.speak(says(700, 2_000));
    await peer.reached();
    peer.socket.terminate();
    await eventually('the break is known', async () => (await voice.outcome(legId)).resumable);
    expect(await voice.outcome(legId)).toEqual({ outcome: 'failed', reason: 'the connection broke', resumable: true });
    const again = await voice.stream({ agent, callId, resume: true });
    expect(again.conversationId).toBe(conversationId);
    await again.peer.hears(ANSWER_TONE_HZ);
    const replayed = JSON.stringify(sessions().at(-1)!.events.filter((event) => event.direction === 'received' && event.type === 'conversation.item.create'));
    expect(replayed).toContain('500 Hz');
    again.peer.press('0');
    await again.peer.closed;
    expect(await voice.outcome(again.legId)).toMatchObject({ outcome: 'digit', digit: '0' });
    expect((await endedOf(callId)).data.conversationId).toBe(conversationId);
    // The first leg's end stays what it was, but for being somebody's to take up.
    expect(await voice.outcome(legId)).toEqual({ outcome: 'failed', reason: 'another leg has taken its place', resumable: false });
  }));

  it('fails without a past when the stream never came, and for a leg that nobody knows', async () => {
    const { legId } = await voice.attachStream();
    expect(await voice.outcome(legId)).toEqual({ outcome: 'failed', reason: 'the stream never came', resumable: false });
    expect(await voice.outcome(newLegId())).toEqual({ outcome: 'failed', reason: 'the leg is unknown', resumable: false });
  });
});

describe('a call on a stream of Twilio whose provider turns it away', () => {
  afterEach(() => voice.simulator.reset());

  it('fails when no provider can be had, so that the route decides; what was said is told', () => voice.inStream({ speechMs: 600 }, async ({ peer, callId, legId, drop }) => {
    await peer.greeted();
    const asked = performance.now();
    peer.speak(says(QUESTION_TONES.question));
    await peer.hears(ANSWER_TONE_HZ, asked);
    voice.simulator.setFaults({ upgradeStatus: 401 });
    drop();
    await peer.closed;
    expect(await voice.outcome(legId)).toMatchObject({ outcome: 'failed', resumable: false, summary: expect.stringContaining('500 Hz') as string });
    expect((await endedOf(callId)).data.reason).toBe('failed');
    expect((await voice.service.seen(EngineChangedV1, (event) => event.data.callId === callId)).data.how).toBe('gave_up');
  }));
});
