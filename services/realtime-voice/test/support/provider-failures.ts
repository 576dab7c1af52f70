import { hearsTone } from '@troncal/audio';
import { ConversationEndedV1, DetachV1, SummariseV1, TurnCompletedV1 } from '@troncal/contracts';
import { ANSWER_TONE_HZ, QUESTION_TONES, type Behaviour } from '@troncal/simulator-openai-realtime';
import { eventually } from '@troncal/testing';
import { expect } from 'vitest';
import { phrase } from '../../src/prompts/phrases.js';
import { says, type VoiceUnderTest } from './voice-under-test.js';

/** Without espeak-ng a fixed prompt is 660 Hz and then 880 Hz. */
const PROMPT_HZ = 660;


/** Resolves when the caller has been told that the agent can't be had. */
export const apology = (voice: VoiceUnderTest, callId: string): Promise<unknown> =>
  voice.service.seen(TurnCompletedV1, (event) => event.data.callId === callId && event.data.text === phrase('sorry', 'es'));

/** The provider fails so for everybody: the greeting is heard, then an apology, and the call goes on. Resolves to the engine it ends with. */
export function fallsBack(voice: VoiceUnderTest, behaviour: Behaviour): Promise<string> {
  return voice.inCall({}, async ({ peer, callId }) => {
    await peer.greeted();
    await peer.hears(PROMPT_HZ, peer.openedAt);
    await apology(voice, callId);
    expect(peer.socket.readyState).toBe(peer.socket.OPEN);
    const { summary } = await voice.ask(SummariseV1, { callId });
    expect(summary).toContain('Agent said last');
    await voice.ask(DetachV1, { callId, reason: 'handoff' });
    const ended = await voice.service.seen(ConversationEndedV1, (event) => event.data.callId === callId);
    return ended.data.engine;
  }, { everybody: behaviour });
}

/** The provider sends what can't be understood: the caller gets an answer all the same. Resolves to the number of sessions that it took. */
export function answersAllTheSame(voice: VoiceUnderTest, wrong: NonNullable<Behaviour['wrong']>): Promise<number> {
  return voice.inCall({ wrong }, async ({ peer, sessions }) => {
    await peer.greeted();
    const asked = performance.now();
    peer.speak(says(QUESTION_TONES.question));
    await peer.hears(ANSWER_TONE_HZ, asked);
    return sessions().length;
  });
}

/** The provider speaks PCM although G.711 was asked for: the caller hears speech and not a roar. Resolves to how long that of 1.5 s and the silence around it were heard, ms. */
export function speaksAllTheSame(voice: VoiceUnderTest, wrong: 'format-silent' | 'format-echo'): Promise<number> {
  return voice.inCall({ wrong, speechMs: 1_500 }, async ({ peer }) => {
    await peer.greeted();
    const asked = performance.now();
    peer.speak(says(QUESTION_TONES.question));
    await peer.hears(ANSWER_TONE_HZ, asked);
    await eventually('it has spoken', () => peer.queuedFrames === 0 && hearsTone(peer.audio(asked), ANSWER_TONE_HZ, { minMs: 1_200 }), 15_000);
    return peer.audio(asked).length / 8;
  });
}
