import { ConversationEndedV1, DetachV1, TurnCompletedV1 } from '@troncal/contracts';
import { ANSWER_TONE_HZ, QUESTION_TONES } from '@troncal/simulator-openai-realtime';
import { eventually } from '@troncal/testing';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { answersAllTheSame, apology, fallsBack, speaksAllTheSame } from '../test/support/provider-failures.js';
import { says, startVoice, type VoiceUnderTest } from '../test/support/voice-under-test.js';

let voice: VoiceUnderTest;

beforeAll(async () => {
  voice = await startVoice();
  await voice.greetingsMade(2);
}, 120_000);
afterAll(() => voice.stop());

describe('when the provider of all fails', () => {
  afterEach(() => voice.simulator.reset());

  it('refuses with 429: the greeting is heard, then an apology, and the call goes on', async () => expect(await fallsBack(voice, { upgradeStatus: 429 })).toBe('scripted'));
  it('accepts and says nothing: the greeting is heard, then an apology, and the call goes on', async () => expect(await fallsBack(voice, { hang: true })).toBe('scripted'));
});

// Each with an agent of its own, so they run beside each other.
describe.concurrent('when the provider of one call fails', () => {
  it('hangs in mid-answer: it is given up, and the caller is served', () => voice.inCall({ hangResponse: true, onTurn: 1, sessions: 1 }, async ({ peer, callId, sessions, behave }) => {
    await peer.greeted();
    peer.speak(says(QUESTION_TONES.question));
    await eventually('another session', () => sessions().length >= 2, 25_000);
    behave({ speechMs: 600 });
    const turn = await voice.service.seen(TurnCompletedV1, (event) => event.data.callId === callId && event.data.role === 'agent' && event.data.turn > 2);
    expect(peer.socket.readyState).toBe(peer.socket.OPEN);
    expect(turn.data.text).not.toBe('');
  }), 40_000);

  // Slow to the first byte, so that the caller's transcript, which comes 50 ms after the turn, is here before the cut.
  it('is cut in mid-answer: connected again with the transcript, and it answers', () => voice.inCall({ firstByteMs: 1_000, cutAfterAudioMs: 400, onTurn: 1, sessions: 1 }, async ({ peer, callId, sessions }) => {
    await peer.greeted();
    peer.speak(says(QUESTION_TONES.question));
    await eventually('a second session', () => sessions().length >= 2, 20_000);
    const second = await eventually('its history', () => {
      const session = sessions().at(-1)!;
      const items = session.events.filter((event) => event.direction === 'received' && event.type === 'conversation.item.create');
      return items.length >= 2 && session.audio.deltas > 0 ? items : undefined;
    });
    expect(JSON.stringify(second)).toContain('Hola');
    expect(JSON.stringify(second)).toContain('500 Hz');
    await peer.hears(ANSWER_TONE_HZ, performance.now());
    await voice.ask(DetachV1, { callId, reason: 'detached' });
    const ended = await voice.service.seen(ConversationEndedV1, (event) => event.data.callId === callId);
    expect(ended.data.engine).toBe('openai-realtime');
  }));

  it('is cut again and again: the fourth time in a minute fixed sentences take over', () => voice.inCall({ cutAfterAudioMs: 200 }, async ({ peer, callId, sessions }) => {
    await peer.greeted();
    peer.speak(says(QUESTION_TONES.question));
    await apology(voice, callId);
    expect(sessions().length).toBe(4);
    expect(peer.socket.readyState).toBe(peer.socket.OPEN);
  }));

  it('is slow: the answer comes late and nothing else happens', () => voice.inCall({ firstByteMs: 2_500 }, async ({ peer, sessions }) => {
    await peer.greeted();
    const asked = performance.now();
    peer.speak(says(QUESTION_TONES.question));
    await peer.hears(ANSWER_TONE_HZ, asked);
    expect(sessions().length).toBe(1);
  }));

  it('speaks PCM although G.711 was asked for and promised: the caller hears speech and not a roar', async () => expect(await speaksAllTheSame(voice, 'format-silent')).toBeLessThan(2_600));
  it('sends garbage-json: skipped, and it answers', async () => expect(await answersAllTheSame(voice, 'garbage-json')).toBe(1));

  it('sends more than fits: the fixed sentences take over and no other call notices', () => voice.inCall({}, (other) => voice.inCall({ wrong: 'oversize' }, async ({ peer, callId }) => {
    await peer.greeted();
    await apology(voice, callId);
    await other.peer.greeted();
    const asked = performance.now();
    other.peer.speak(says(QUESTION_TONES.question));
    await other.peer.hears(ANSWER_TONE_HZ, asked);
    expect(other.peer.lostBytes).toBe(0);
  })));
});
