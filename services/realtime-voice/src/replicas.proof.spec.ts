import { ConversationEndedV1, DetachV1 } from '@troncal/contracts';
import { eventually } from '@troncal/testing';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { numbers, startTwoReplicas, talk, upTo, withCalls } from '../test/support/replica-calls.js';
import type { VoiceReplicas } from '../test/support/voice-replicas.js';

let voices: VoiceReplicas;

beforeAll(async () => {
  voices = await startTwoReplicas();
}, 120_000);
beforeEach(async () => {
  while (voices.replicas.length < 2) await voices.add();
});
afterAll(() => voices.stop());

describe('a replica that is told to stop', () => {
  it('moves ten calls between two turns: none ends, nobody is told to wait, and the process ends', () => withCalls(voices, 10, async (made) => {
    await Promise.all(made.map((call) => talk(voices, call)));
    const [leaving] = voices.replicas;
    const begun = (): number => voices.simulator.sessions().flatMap((session) => session.events.filter((event) => event.type === 'input_audio_buffer.speech_started')).length;
    const before = begun();
    const talking = made.map((call) => talk(voices, call));
    // All ten are in the middle of a turn: who begins to speak while a call moves is another matter (dialogue.spec).
    await eventually('all are heard to speak', () => begun() >= before + made.length);
    leaving!.child.kill('SIGTERM');
    await eventually('it is not ready', async () => (await fetch(new URL('/health/ready', leaving!.url))).status === 503);
    expect(await leaving!.ended).toBe(0);
    await Promise.all(talking);
    await Promise.all(made.map((call) => talk(voices, call)));
    for (const call of made) {
      expect(voices.story(call.callId)).toMatchObject({ began: 1, resumed: call.peers.length - 1, ended: [] });
      expect(call.failures).toBe(0);
      // A greeting and three questions with their answers: nothing was said about the change, or two turns of the agent would stand together.
      const roles = voices.story(call.callId).turns.map(([, role]) => role);
      expect(roles.filter((role, index) => role === 'agent' && roles[index - 1] === 'agent')).toEqual([]);
      expect(numbers(voices, call)).toEqual(upTo(roles.length));
      expect(roles.length).toBeGreaterThanOrEqual(7);
    }
    expect(made.filter((call) => call.peers.length === 2).length).toBeGreaterThan(0);
    for (const call of made) call.letEnd();
    for (const call of made) await voices.ask(DetachV1, { callId: call.callId, reason: 'detached' });
    await Promise.all(made.map((call) => voices.service.seen(ConversationEndedV1, (event) => event.data.callId === call.callId)));
    for (const call of made) expect(voices.story(call.callId).ended).toEqual(['detached']);
  }), 90_000);

  it('waits for another one when it is alone, and takes no new call meanwhile', async () => {
    const [other] = voices.replicas;
    other!.child.kill('SIGKILL');
    await other!.ended;
    await withCalls(voices, 1, async ([call]) => {
      const [lone] = voices.replicas;
      lone!.child.kill('SIGTERM');
      await eventually('it is not ready', async () => (await fetch(new URL('/health/ready', lone!.url))).status === 503);
      await talk(voices, call!);
      expect(call!.peers.length).toBe(1);
      await expect(voices.call()).rejects.toMatchObject({ code: 'no_one_answers' });
      await voices.add();
      expect(await lone!.ended).toBe(0);
      await eventually('the call has moved', () => call!.peers.length === 2);
      await talk(voices, call!);
      expect(numbers(voices, call!)).toEqual(upTo(5));
      expect(voices.story(call!.callId)).toMatchObject({ began: 1, resumed: 1, ended: [] });
    });
  }, 90_000);
});
