import { hearsTone } from '@troncal/audio';
import { ConversationEndedV1, DetachV1, SummariseV1, TurnCompletedV1 } from '@troncal/contracts';
import { ANSWER_TONE_HZ, QUESTION_TONES, type Behaviour } from '@troncal/simulator-openai-realtime';
import { eventually } from '@troncal/testing';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import type { FakeAsterisk } from '../test/support/fake-asterisk.js';
import { BRIEF, says, startVoice, type TestCall, type VoiceUnderTest } from '../test/support/voice-under-test.js';
import { phrase } from './prompts/phrases.js';

let voice: VoiceUnderTest;
const peers: FakeAsterisk[] = [];
/** Without espeak-ng a fixed prompt is 660 Hz and then 880 Hz. */
const PROMPT_HZ = 660;

beforeAll(async () => {
  voice = await startVoice();
  await voice.service.apiOf('demo').expect('PUT', '/api/agents/brief', BRIEF);
  await voice.greetingsMade(3);
}, 120_000);
afterEach(() => {
  for (const peer of peers.splice(0)) peer.hangUp();
  voice.simulator.reset();
});
afterAll(() => voice.stop());

async function call(behaviour: Behaviour): Promise<TestCall> {
  voice.simulator.setFaults(behaviour);
  const made = await voice.call({ agent: 'brief' });
  peers.push(made.peer);
  return made;
}
const greeted = (peer: FakeAsterisk): Promise<boolean> => eventually('the greeting is over', () => peer.heard.length > 30 && peer.queuedFrames === 0, 20_000);
const hears = (peer: FakeAsterisk, hz: number, since: number): Promise<boolean> => eventually(`${hz} Hz is heard`, () => hearsTone(peer.audio(since), hz), 20_000);
const apology = (callId: string) => voice.service.seen(TurnCompletedV1, (event) => event.data.callId === callId && event.data.text === phrase('sorry', 'es'));

describe('when the provider fails', () => {
  it.each([
    ['refuses with 429', { upgradeStatus: 429 }],
    ['refuses with 500', { upgradeStatus: 500 }],
    ['never answers the upgrade', { upgradeHang: true }],
    ['accepts and says nothing', { hang: true }],
  ] satisfies [string, Behaviour][])('%s: the greeting is heard, then an apology, and the call goes on', async (_, behaviour) => {
    const { peer, callId } = await call(behaviour);
    await greeted(peer);
    await hears(peer, PROMPT_HZ, peer.openedAt);
    await apology(callId);
    expect(peer.socket.readyState).toBe(peer.socket.OPEN);
    const { summary } = await voice.ask(SummariseV1, { callId });
    expect(summary).toContain('Agent said last');
    await voice.ask(DetachV1, { callId, reason: 'handoff' });
    const ended = await voice.service.seen(ConversationEndedV1, (event) => event.data.callId === callId);
    expect(ended.data.engine).toBe('scripted');
  });

  it('is cut in mid-answer: connected again with the transcript, and it answers', async () => {
    // Slow to the first byte, so that the caller's transcript, which comes 50 ms after the turn, is here before the cut.
    const { peer, callId } = await call({ firstByteMs: 1_000, cutAfterAudioMs: 400, onTurn: 1, sessions: 1 });
    await greeted(peer);
    peer.speak(says(QUESTION_TONES.question));
    await eventually('a second session', () => voice.simulator.sessions().length >= 2, 20_000);
    const second = await eventually('its history', () => {
      const session = voice.simulator.sessions().at(-1)!;
      const items = session.events.filter((event) => event.direction === 'received' && event.type === 'conversation.item.create');
      return items.length >= 2 && session.audio.deltas > 0 ? items : undefined;
    });
    expect(JSON.stringify(second)).toContain('Hola');
    expect(JSON.stringify(second)).toContain('500 Hz');
    await hears(peer, ANSWER_TONE_HZ, performance.now());
    await voice.ask(DetachV1, { callId, reason: 'detached' });
    const ended = await voice.service.seen(ConversationEndedV1, (event) => event.data.callId === callId);
    expect(ended.data.engine).toBe('openai-realtime');
  });

  it('is cut again and again: the fourth time in a minute fixed sentences take over', async () => {
    const { peer, callId } = await call({ cutAfterAudioMs: 200 });
    await greeted(peer);
    peer.speak(says(QUESTION_TONES.question));
    await apology(callId);
    expect(voice.simulator.sessions().length).toBe(4);
    expect(peer.socket.readyState).toBe(peer.socket.OPEN);
  });

  it('hangs in mid-answer: it is given up, and the caller is served', async () => {
    const { peer, callId } = await call({ hangResponse: true, onTurn: 1, sessions: 1 });
    await greeted(peer);
    peer.speak(says(QUESTION_TONES.question));
    await eventually('another session', () => voice.simulator.sessions().length >= 2, 25_000);
    const turn = await voice.service.seen(TurnCompletedV1, (event) => event.data.callId === callId && event.data.role === 'agent' && event.data.turn > 2);
    expect(peer.socket.readyState).toBe(peer.socket.OPEN);
    expect(turn.data.text).not.toBe('');
  }, 40_000);

  it('is slow: the answer comes late and nothing else happens', async () => {
    const { peer } = await call({ firstByteMs: 2_500 });
    await greeted(peer);
    const asked = performance.now();
    peer.speak(says(QUESTION_TONES.question));
    await hears(peer, ANSWER_TONE_HZ, asked);
    expect(voice.simulator.sessions().length).toBe(1);
  });

  it.each(['format-silent', 'format-echo'] as const)('speaks PCM although G.711 was asked for (%s): the caller hears speech and not a roar', async (wrong) => {
    const { peer } = await call({ wrong, speechMs: 1_500 });
    await greeted(peer);
    const asked = performance.now();
    peer.speak(says(QUESTION_TONES.question));
    await hears(peer, ANSWER_TONE_HZ, asked);
    await eventually('it has spoken', () => peer.queuedFrames === 0 && hearsTone(peer.audio(asked), ANSWER_TONE_HZ, { minMs: 1_200 }), 15_000);
    expect(peer.audio(asked).length).toBeLessThan(8 * 2_600);
  });

  it.each(['garbage-json', 'unknown-events', 'binary'] as const)('sends %s: skipped, and it answers', async (wrong) => {
    const { peer } = await call({ wrong });
    await greeted(peer);
    const asked = performance.now();
    peer.speak(says(QUESTION_TONES.question));
    await hears(peer, ANSWER_TONE_HZ, asked);
    expect(voice.simulator.sessions().length).toBe(1);
  });

  it('sends more than fits: the fixed sentences take over and no other call notices', async () => {
    const other = await call({});
    const { peer, callId } = await call({ wrong: 'oversize' });
    await greeted(peer);
    await apology(callId);
    voice.simulator.setFaults({});
    await greeted(other.peer);
    const asked = performance.now();
    other.peer.speak(says(QUESTION_TONES.question));
    await hears(other.peer, ANSWER_TONE_HZ, asked);
    expect(other.peer.lostBytes).toBe(0);
  });
});
