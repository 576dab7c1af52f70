import { ConversationEndedV1, ConversationStartedV1, DetachV1, EngineChangedV1, TurnCompletedV1 } from '@troncal/contracts';
import { ANSWER_TONE_HZ, QUESTION_TONES, type LoggedSession } from '@troncal/simulator-openai-realtime';
import { eventually } from '@troncal/testing';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import type { FakeAsterisk } from '../test/support/fake-asterisk.js';
import { says, startVoice, type VoiceUnderTest } from '../test/support/voice-under-test.js';

let voice: VoiceUnderTest;
/** What README.md promises: no caller hears nothing for longer than this while a provider is lost and found again. */
const SILENCE_BUDGET_MS = 5_000;

beforeAll(async () => {
  voice = await startVoice({ OPENAI_SESSION_SOFT_SECONDS: '3', OPENAI_SESSION_HARD_SECONDS: '6' });
  await voice.greetingsMade(2);
}, 120_000);
afterAll(() => voice.stop());

const changes = (callId: string) => voice.service.events.flatMap(({ envelope }) => (envelope.type === EngineChangedV1.type && envelope.correlationid === callId ? [EngineChangedV1.read(envelope).data] : []));
const turns = (callId: string) =>
  voice.service.events.flatMap(({ envelope }) => (envelope.type === TurnCompletedV1.type && envelope.correlationid === callId ? [TurnCompletedV1.read(envelope).data] : [])).toSorted((a, b) => a.turn - b.turn);
const told = (session: LoggedSession): string => JSON.stringify(session.events.filter((event) => event.direction === 'received' && event.type === 'conversation.item.create'));

/** Asks and hears the answer to its end. */
async function talk(peer: FakeAsterisk): Promise<void> {
  const asked = performance.now();
  peer.speak(says(QUESTION_TONES.question, 400));
  await peer.hears(ANSWER_TONE_HZ, asked, 300);
  await eventually('the answer is over', () => peer.queuedFrames === 0, 15_000);
}

/** The longest time in which the caller heard nothing at all. */
function longestSilence(peer: FakeAsterisk, from: number, to: number): number {
  const times = [from, ...peer.heard.map((frame) => frame.atMs).filter((at) => at > from && at < to), to];
  return Math.max(...times.slice(1).map((at, index) => at - times[index]!));
}

// Each with an agent of its own, so they run beside each other.
describe.concurrent('a session', () => {
  // The provider would end each at 7 s, with 1001.
  it('gives way before the provider ends it: two questions and two sessions later nothing was heard of it', () => voice.inCall({ sessionMs: 7_000, speechMs: 600 }, async ({ peer, callId, sessions }) => {
    await peer.greeted();
    for (let asked = 1; asked <= 2; asked += 1) {
      await talk(peer);
      await eventually(`change ${asked}`, () => changes(callId).length >= asked, 15_000);
    }
    await talk(peer);
    await voice.ask(DetachV1, { callId, reason: 'detached' });
    await voice.service.seen(ConversationEndedV1, (event) => event.data.callId === callId);
    expect(changes(callId).map(({ how, silentMs }) => [how, silentMs])).toEqual(changes(callId).map(() => ['rolled_over', 0]));
    expect(sessions().filter((session) => session.closed?.code === 1001)).toEqual([]);
    expect(told(sessions()[1]!)).toContain('Hola');
    expect(told(sessions()[2]!)).toContain('500 Hz');
    // Greeting, and three questions with one answer each.
    expect(turns(callId).map(({ role }) => role)).toEqual(['agent', 'caller', 'agent', 'caller', 'agent', 'caller', 'agent']);
    expect(voice.service.events.filter(({ envelope }) => envelope.type === ConversationStartedV1.type && envelope.correlationid === callId).length).toBe(1);
  }), 60_000);

  it.each(['close', 'error'] as const)('that the provider ends early (%s) is replaced, and nothing is said of it', (expiry) => voice.inCall({ sessionMs: 2_000, expiry, sessions: 1 }, async ({ peer, callId, sessions, behave }) => {
    await peer.greeted();
    const change = await voice.service.seen(EngineChangedV1, (event) => event.data.callId === callId);
    expect(change.data).toMatchObject({ how: 'reconnected', attempts: 1, reason: expect.stringMatching(/maximum duration|session_expired/) });
    behave({ speechMs: 600 });
    await talk(peer);
    expect(turns(callId).filter(({ role }) => role === 'agent').length).toBeLessThanOrEqual(2);
    expect(told(sessions()[1]!)).toContain('Hola');
  }));
});

describe('a provider that is away for a while', () => {
  afterEach(() => voice.simulator.reset());

  it('in mid-answer: the rest is asked for, and the caller never waits longer than promised', () => voice.inCall({ speechMs: 4_000, speedup: 1.2 }, async ({ peer, callId, sessions, behave, drop }) => {
    await peer.greeted();
    const asked = performance.now();
    peer.speak(says(QUESTION_TONES.question, 400));
    await peer.hears(ANSWER_TONE_HZ, asked, 300);
    const began = performance.now();
    behave({ speechMs: 1_000 });
    voice.simulator.setFaults({ upgradeStatus: 503 });
    drop();
    await eventually('it was refused twice', async () => changes(callId).length === 0 && performance.now() - began > 1_500);
    voice.simulator.setFaults({});
    const change = await voice.service.seen(EngineChangedV1, (event) => event.data.callId === callId);
    expect(change.data.how).toBe('reconnected');
    expect(change.data.attempts).toBeGreaterThan(1);
    const back = performance.now();
    await peer.hears(ANSWER_TONE_HZ, back, 300);
    expect(longestSilence(peer, began, performance.now())).toBeLessThan(SILENCE_BUDGET_MS);
    expect(JSON.stringify(sessions().at(-1)?.events.filter((event) => event.type === 'response.create'))).toContain('Go on exactly from there');
    expect(peer.socket.readyState).toBe(peer.socket.OPEN);
  }), 60_000);

  it('while the caller speaks: what they say is heard by the next session, once', () => voice.inCall({ speechMs: 600 }, async ({ peer, callId, sessions, drop }) => {
    await peer.greeted();
    peer.speak(says(QUESTION_TONES.question, 1_500));
    await eventually('the provider hears them', () => sessions().at(-1)?.events.some((event) => event.type === 'input_audio_buffer.speech_started'));
    voice.simulator.setFaults({ upgradeStatus: 503, sessions: 2 });
    drop();
    await eventually('the answer is told', () => turns(callId).length >= 3, 20_000);
    expect(turns(callId).map(({ turn, role }) => [turn, role])).toEqual([[1, 'agent'], [2, 'caller'], [3, 'agent']]);
    expect(turns(callId)[1]!.text).toMatch(/500 Hz, 1\.[45]/);
  }), 60_000);

  it('for longer than a caller waits: fixed sentences, within what is promised', () => voice.inCall({}, async ({ peer, callId, drop }) => {
    await peer.greeted();
    const began = performance.now();
    voice.simulator.setFaults({ upgradeStatus: 503 });
    drop();
    const change = await voice.service.seen(EngineChangedV1, (event) => event.data.callId === callId);
    expect(change.data).toMatchObject({ how: 'gave_up', engine: 'scripted' });
    await eventually('somebody speaks', () => peer.heard.some((frame) => frame.atMs > began), 15_000);
    expect(longestSilence(peer, began, performance.now())).toBeLessThan(SILENCE_BUDGET_MS);
  }), 60_000);
});
