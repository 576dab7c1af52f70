import { hearsTone } from '@troncal/audio';
import { TurnCompletedV1 } from '@troncal/contracts';
import { ANSWER_TONE_HZ, QUESTION_TONES } from '@troncal/simulator-openai-realtime';
import { eventually } from '@troncal/testing';
import type { FollowedCall } from './followed-call.js';
import { VoiceReplicas } from './voice-replicas.js';
import { BRIEF, says } from './voice-under-test.js';

/** Two replicas, and the agent `brief`, whose answers take 0.6 s. */
export async function startTwoReplicas(): Promise<VoiceReplicas> {
  const voices = await VoiceReplicas.start(2, { DRAIN_SECONDS: '10' });
  voices.simulator.setFaults({ speechMs: 600 });
  await voices.service.apiOf('demo').expect('PUT', '/api/agents/brief', BRIEF);
  await voices.greetingsMade(3);
  return voices;
}

/** Runs a test with callers who have been greeted; they hang up afterwards. */
export async function withCalls(voices: VoiceReplicas, count: number, test: (made: readonly FollowedCall[]) => Promise<void>, agent?: string): Promise<void> {
  const made = await Promise.all(Array.from({ length: count }, () => voices.call(agent)));
  await test(made).finally(() => made.forEach((call) => call.hangUp()));
}

/** Asks, and hears the answer to its end. */
export async function talk(voices: VoiceReplicas, call: FollowedCall): Promise<void> {
  const asked = performance.now();
  const before = voices.told(TurnCompletedV1, call.callId).length;
  call.peer.speak(says(QUESTION_TONES.question, 400));
  await eventually('an answer is heard', () => hearsTone(call.audio(asked), ANSWER_TONE_HZ, { minMs: 200 }), 20_000);
  await eventually('question and answer are told', () => voices.told(TurnCompletedV1, call.callId).length >= before + 2, 20_000);
}

/** The numbers of the turns that were told of a call, in order. */
export const numbers = (voices: VoiceReplicas, { callId }: FollowedCall): number[] => voices.story(callId).turns.map(([number]) => number);
export const upTo = (last: number): number[] => Array.from({ length: last }, (_, index) => index + 1);
