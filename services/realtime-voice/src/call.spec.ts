import { detectTone, findTone, FRAME_MS, hearsTone } from '@troncal/audio';
import { AgentInterruptedV1, ConversationEndedV1, ConversationStartedV1, DetachV1, EngineChangedV1, HandoffRequestedV1, HandoffV1, HangupV1, SummariseV1, ToolCompletedV1, TurnCompletedV1 } from '@troncal/contracts';
import { ANSWER_TONE_HZ, QUESTION_TONES } from '@troncal/simulator-openai-realtime';
import { eventually } from '@troncal/testing';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { BRIEF, says, startVoice, type VoiceUnderTest } from '../test/support/voice-under-test.js';

let voice: VoiceUnderTest;

beforeAll(async () => {
  voice = await startVoice();
  await voice.service.apiOf('demo').expect('PUT', '/api/agents/brief', BRIEF);
  // Greetings are made by the provider ahead of calls; without it the first call would wait for the provider.
  await voice.greetingsMade(3);
}, 120_000);
afterAll(() => voice.stop());

/** Of several seconds. */
const LONG_GREETING = { greetings: { es: 'Hola, le atiende la recepción de la comunidad. ¿En qué le puedo ayudar?' } };
/** As PlayoutQueue's. */
const FRAMES_BETWEEN_MARKS = 10;
const standsFor = (frames: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, frames * FRAME_MS));
const turnsOf = (callId: string) => voice.service.events.flatMap(({ envelope }) => (envelope.type === TurnCompletedV1.type && envelope.correlationid === callId ? [TurnCompletedV1.read(envelope).data] : []));

describe('a call whose provider cannot be reached', () => {
  afterEach(() => voice.simulator.reset());

  it('hears the greeting at once: before its session with the provider is open', async () => {
    const before = voice.simulator.sessions().length;
    voice.simulator.setFaults({ upgradeHang: true });
    const { peer, callId } = await voice.call({ agent: 'brief' });
    await eventually('the first frame', () => peer.heard[0], 20_000);
    expect(voice.simulator.sessions().length).toBe(before);
    await eventually('the greeting is heard', () => hearsTone(peer.audio(), ANSWER_TONE_HZ, { minMs: 200 }));
    // Nor had the provider been given up by then: the greeting would have waited for that.
    const changed = await voice.service.seen(EngineChangedV1, (event) => event.data.callId === callId);
    expect(changed.data.how).toBe('gave_up');
    expect(performance.timeOrigin + peer.heard[0]!.atMs).toBeLessThan(Date.parse(changed.time));
    peer.hangUp();
  });
});

// Each with an agent of its own, so they run beside each other.
describe.concurrent('a call', () => {
  it('hears the greeting, then an answer to its question, and all of it is told', () => voice.inCall({ speechMs: 1_500 }, async ({ agent, peer, callId, conversationId, legId }) => {
    await peer.greeted();
    expect(hearsTone(peer.audio(), ANSWER_TONE_HZ)).toBe(true);
    const asked = performance.now();
    peer.speak(says(QUESTION_TONES.question));
    await peer.hears(ANSWER_TONE_HZ, asked);
    const answeredMs = performance.now() - asked;
    const started = await voice.service.seen(ConversationStartedV1, (event) => event.data.callId === callId);
    expect(started.data).toMatchObject({ conversationId, legId, engine: 'openai-realtime', simulated: true, resumed: false, agent: { code: agent, version: 1 }, language: 'es' });
    await eventually('three turns', () => turnsOf(callId).length >= 3, 20_000);
    await voice.ask(DetachV1, { callId, reason: 'detached' });
    const ended = await voice.service.seen(ConversationEndedV1, (event) => event.data.callId === callId);
    expect(ended.data).toMatchObject({ reason: 'detached', engine: 'openai-realtime' });
    const [greeting, question, answer] = turnsOf(callId).toSorted((a, b) => a.turn - b.turn);
    expect(greeting).toMatchObject({ turn: 1, role: 'agent', interrupted: false, text: expect.stringMatching(/^SIMULATED. Hola/) });
    expect(question).toMatchObject({ turn: 2, role: 'caller', text: expect.stringMatching(/500 Hz/) });
    expect(answer).toMatchObject({ turn: 3, role: 'agent', interrupted: false });
    expect(answer!.latencyMs).toBeGreaterThan(400);
    expect(answer!.latencyMs).toBeLessThan(answeredMs);
    expect(peer.lostBytes).toBe(0);
    const stored = await voice.service.apiOf('demo').send('GET', `/api/conversations/${callId}`);
    expect(stored.status).toBe(200);
    expect(stored.body).toMatchObject({ id: conversationId, state: 'ended', endReason: 'detached', transcript: [{ number: 1 }, { number: 2 }, { number: 3 }] });
  }));

  it('silences the agent when the caller speaks: no frame after the flush, and the provider is told what was heard', () => voice.inCall({ speechMs: 8_000 }, async ({ peer, callId, sessions }) => {
    await peer.greeted();
    const asked = performance.now();
    peer.speak(says(QUESTION_TONES.question));
    await peer.hears(ANSWER_TONE_HZ, asked);
    // The leg takes no frame any more: what the caller hears of the answer is then certain, however slow this machine is.
    peer.standStill();
    await eventually('the leg stands still', () => peer.standsStill);
    await peer.reached();
    await standsFor(FRAMES_BETWEEN_MARKS + 1);
    const heardMs = peer.heard.filter((frame) => frame.atMs > asked).length * FRAME_MS;
    const flushes = (): typeof peer.commands => peer.commands.filter(({ name }) => name === 'FLUSH_MEDIA');
    const flushesBefore = flushes().length;
    // The caller goes on speaking, so that nobody answers.
    peer.speak(says(700, 20_000));
    const flush = await eventually('the flush', () => flushes()[flushesBefore]);
    const providerHeard = (): number => sessions().at(-1)!.audio.appends;
    const sofar = providerHeard();
    await eventually('the caller is heard on', () => providerHeard() >= sofar + 20);
    // As many frames of the agent, had there been any, would have been heard in that time.
    expect(peer.heard.length).toBe(flush.heard);
    const interrupted = await voice.service.seen(AgentInterruptedV1, (event) => event.data.callId === callId);
    expect(interrupted.data.heardMs).toBe(heardMs);
    const truncated = await eventually('the truncation', () =>
      sessions()
        .flatMap((session) => session.events)
        .find((event) => event.type === 'conversation.item.truncated'),
    );
    expect(truncated.event['audio_end_ms']).toBe(heardMs);
    peer.unsaid();
    const turn = await voice.service.seen(TurnCompletedV1, (event) => event.data.callId === callId && event.data.interrupted);
    expect(turn.data.heard!.length).toBeLessThan(turn.data.text.length);
    expect(turn.data.text.startsWith(turn.data.heard!)).toBe(true);
    const errors = sessions().flatMap((session) => session.events.filter((event) => event.type === 'error'));
    expect(errors).toEqual([]);
  }));

  it('may interrupt the greeting, and the provider knows how far it came', () => voice.inCall({ speechMs: 600 }, async ({ peer, callId, sessions }) => {
    await eventually('the greeting is heard', () => peer.heard.length > 60);
    peer.speak(says(700, 400));
    const turn = await voice.service.seen(TurnCompletedV1, (event) => event.data.callId === callId && event.data.turn === 1);
    expect(turn.data.interrupted).toBe(true);
    const noted = await eventually('the greeting as the provider knows it', () => sessions().flatMap((session) => session.events).find((event) => event.direction === 'received' && event.type === 'conversation.item.create'));
    expect(JSON.stringify(noted.event)).toContain(turn.data.heard!);
  }, { settings: LONG_GREETING }));

  it('goes to a person at its own wish, after the agent has said so', () => voice.inCall({ speechMs: 600 }, async ({ peer, callId }) => {
    await peer.greeted();
    const asked = performance.now();
    peer.speak(says(QUESTION_TONES.person));
    const handoff = await eventually('the handoff command', () => voice.gateway.of(callId).find(({ subject }) => subject === HandoffV1.subject), 20_000);
    expect(handoff.data).toMatchObject({ reason: 'the caller asked for a person', summary: expect.stringMatching(/^SIMULATED summary/) });
    expect(hearsTone(peer.audio(asked), ANSWER_TONE_HZ)).toBe(true);
    expect(peer.queuedFrames).toBe(0);
    await voice.service.seen(HandoffRequestedV1, (event) => event.data.callId === callId);
    const completed = await voice.service.seen(ToolCompletedV1, (event) => event.data.callId === callId);
    expect(completed.data).toMatchObject({ tool: 'transfer_to_person', outcome: 'ok' });
    const { summary } = await voice.ask(SummariseV1, { callId });
    expect(summary).toMatch(/^SIMULATED summary/);
    await voice.ask(DetachV1, { callId, reason: 'handoff' });
    await voice.service.seen(ConversationEndedV1, (event) => event.data.callId === callId && event.data.reason === 'handoff');
    expect((await peer.closed).code).toBe(1000);
  }));

  it('tells the model when a tool overruns, and the dialogue goes on meanwhile', () => voice.inCall({ speechMs: 600 }, async ({ peer, callId }) => {
    voice.gateway.leaveUnanswered(callId);
    await peer.greeted();
    peer.speak(says(QUESTION_TONES.person));
    const completed = await voice.service.seen(ToolCompletedV1, (event) => event.data.callId === callId);
    expect(['timeout', 'error']).toContain(completed.data.outcome);
    const since = performance.now();
    await peer.hears(ANSWER_TONE_HZ, since);
  }));

  it('is hung up by the agent after the goodbye was heard', () => voice.inCall({ speechMs: 600 }, async ({ peer, callId }) => {
    await peer.greeted();
    const asked = performance.now();
    peer.speak(says(QUESTION_TONES.goodbye));
    await eventually('the hangup command', () => voice.gateway.of(callId).find(({ subject }) => subject === HangupV1.subject), 20_000);
    expect(findTone(peer.audio(asked), ANSWER_TONE_HZ)).toBeDefined();
    expect(peer.queuedFrames).toBe(0);
    await voice.service.seen(ToolCompletedV1, (event) => event.data.callId === callId && event.data.outcome === 'ok');
    await voice.ask(DetachV1, { callId, reason: 'call_ended' });
    const ended = await voice.service.seen(ConversationEndedV1, (event) => event.data.callId === callId);
    expect(ended.data.reason).toBe('agent_hangup');
  }));

  it('never shows the model a key', () => voice.inCall({ speechMs: 600 }, async ({ peer, sessions }) => {
    await peer.greeted();
    peer.press('4');
    peer.speak(says(QUESTION_TONES.question, 300));
    await eventually('an answer', () => sessions().some((session) => session.events.some((event) => event.type === 'response.done')));
    const told = JSON.stringify(sessions().flatMap((session) => session.events.filter((event) => event.direction === 'received' && event.type !== 'session.update')));
    expect(told).not.toContain('DTMF');
    expect(told).not.toContain('"4"');
  }));

  it('keeps A-law as A-law', () => voice.inCall({ speechMs: 600 }, async ({ peer, sessions }) => {
    await peer.greeted();
    const update = sessions().at(-1)!.events.find((event) => event.type === 'session.updated')!;
    expect(update.event['session']).toMatchObject({ audio: { output: { format: { type: 'audio/pcma' } } } });
    expect(detectTone(peer.audio(), ANSWER_TONE_HZ)).toBeLessThan(1);
  }, { attach: { format: 'alaw' }, peer: { format: 'alaw' } }));

  it('reaches the end of a turn although the caller’s stream falls silent', () => voice.inCall({ speechMs: 600 }, async ({ peer }) => {
    await peer.greeted();
    const asked = performance.now();
    peer.speak(says(QUESTION_TONES.question));
    await new Promise((resolve) => setTimeout(resolve, 800));
    peer.stopStream();
    expect(await peer.hears(ANSWER_TONE_HZ, asked)).toBe(true);
  }));
});
