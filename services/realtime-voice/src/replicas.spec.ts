import { hearsTone } from '@troncal/audio';
import { CallEndedV1, ConversationEndedV1, DetachV1, SummariseV1, TurnCompletedV1 } from '@troncal/contracts';
import { ANSWER_TONE_HZ, QUESTION_TONES } from '@troncal/simulator-openai-realtime';
import { eventually, EventSource } from '@troncal/testing';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { FollowedCall } from '../test/support/followed-call.js';
import { VoiceReplicas } from '../test/support/voice-replicas.js';
import { BRIEF, says } from '../test/support/voice-under-test.js';

let voices: VoiceReplicas;
const calls: FollowedCall[] = [];

beforeAll(async () => {
  voices = await VoiceReplicas.start(2, { DRAIN_SECONDS: '10' });
  await voices.service.apiOf('demo').expect('PUT', '/api/agents/brief', BRIEF);
  await voices.greetingsMade(3);
}, 120_000);
beforeEach(async () => {
  while (voices.replicas.length < 2) await voices.add();
  voices.simulator.reset();
  voices.simulator.setFaults({ speechMs: 600 });
});
afterEach(() => {
  for (const call of calls.splice(0)) call.hangUp();
});
afterAll(() => voices.stop());

async function greeted(count: number, agent?: string): Promise<FollowedCall[]> {
  const made = await Promise.all(Array.from({ length: count }, () => voices.call(agent)));
  calls.push(...made);
  return made;
}

/** Asks, and hears the answer to its end. */
async function talk(call: FollowedCall): Promise<void> {
  const asked = performance.now();
  const before = voices.told(TurnCompletedV1, call.callId).length;
  call.peer.speak(says(QUESTION_TONES.question, 400));
  await eventually('an answer is heard', () => hearsTone(call.audio(asked), ANSWER_TONE_HZ, { minMs: 200 }), 20_000);
  await eventually('question and answer are told', () => voices.told(TurnCompletedV1, call.callId).length >= before + 2, 20_000);
}

/** Six times in a row the model's own summary, whoever is asked: the process that doesn't have the call could only give a digest. Thrice, since the model may be late. */
async function byTheModel({ callId }: FollowedCall): Promise<boolean> {
  for (let tries = 0; tries < 3; tries += 1) {
    const answers = await Promise.all(Array.from({ length: 6 }, () => voices.ask(SummariseV1, { callId })));
    if (answers.every(({ summary }) => summary.startsWith('SIMULATED summary'))) return true;
  }
  return false;
}

const numbers = (call: FollowedCall): number[] => voices.story(call.callId).turns.map(([number]) => number);
const upTo = (last: number): number[] => Array.from({ length: last }, (_, index) => index + 1);

describe('two replicas', () => {
  it('serve a call wherever its attach and its socket arrive, and whoever is asked answers for it', async () => {
    const made = await greeted(6);
    await Promise.all(made.map(talk));
    for (const call of made) expect(await byTheModel(call)).toBe(true);
    for (const call of made) call.letEnd();
    for (const call of made) expect(await voices.ask(DetachV1, { callId: call.callId, reason: 'handoff' })).toEqual({ detached: true });
    for (const call of made) {
      const ended = await voices.service.seen(ConversationEndedV1, (event) => event.data.callId === call.callId);
      expect(ended.data).toMatchObject({ reason: 'handoff', turns: 3 });
      expect(voices.story(call.callId)).toMatchObject({ began: 1, resumed: 0, ended: ['handoff'] });
      expect(numbers(call)).toEqual(upTo(3));
      // Said last, whichever process was asked.
      expect(ended.sequence).toBeGreaterThan(Math.max(...voices.told(TurnCompletedV1, call.callId).map((turn) => turn.sequence)));
      expect((await voices.ask(DetachV1, { callId: call.callId, reason: 'call_ended' })).detached).toBe(false);
    }
  }, 60_000);

  it('end a conversation by the call’s end, once, whichever of them hears of it; the turn in progress is told before', async () => {
    voices.simulator.setFaults({ speechMs: 5_000, speedup: 2 });
    const made = await greeted(4);
    for (const call of made) call.peer.speak(says(QUESTION_TONES.question, 400));
    await Promise.all(made.map((call) => eventually('the answer begins', () => hearsTone(call.peer.audio(call.peer.openedAt + 2_500), ANSWER_TONE_HZ, { minMs: 200 }), 20_000)));
    const gateway = await EventSource.open(voices.service.nats, 'ari-gateway');
    for (const call of made) call.letEnd();
    for (const { callId } of made) {
      const data = { callId, from: '202', to: '100', direction: 'inbound' as const, disposition: 'answered' as const, endedBy: 'caller' as const, cause: 16, durationMs: 1_000, answeredMs: 900 };
      await gateway.publish(CallEndedV1, { tenant: 'demo', subject: callId, data });
    }
    for (const call of made) {
      const ended = await voices.service.seen(ConversationEndedV1, (event) => event.data.callId === call.callId);
      expect(ended.data).toMatchObject({ reason: 'call_ended', turns: 3 });
      const turns = voices.told(TurnCompletedV1, call.callId);
      expect(turns.at(-1)).toMatchObject({ turn: 3, role: 'agent', interrupted: true });
      expect(turns.at(-1)!.sequence).toBeLessThan(ended.sequence);
    }
    await gateway.close();
    for (const call of made) expect(voices.story(call.callId).ended).toEqual(['call_ended']);
  }, 60_000);

  it('all know an agent as it was last written, wherever that was', async () => {
    await voices.service.apiOf('demo').expect('PUT', '/api/agents/brief', { ...BRIEF, instructions: 'Be brief. Be kind.' });
    await voices.greetingsMade(4);
    const made = await greeted(4);
    for (const call of made) expect((await voices.service.apiOf('demo').expect<{ agent: { version: number } }>('GET', `/api/conversations/${call.callId}`)).agent.version).toBe(2);
  }, 60_000);

  it('take a conversation from each other although the first one still serves it: no turn is lost or told twice', async () => {
    const made = await greeted(4);
    await Promise.all(made.map(talk));
    // The gateway's view of a leg that it has lost: a new one, while the old process has noticed nothing.
    for (const call of made) expect(call.leaving(call.legId)).toBe(true);
    await Promise.all(made.map((call) => eventually('the new leg is there', () => call.peers.length === 2)));
    await Promise.all(made.map(talk));
    for (const call of made) {
      expect(voices.story(call.callId)).toMatchObject({ began: 1, resumed: 1, ended: [] });
      expect(numbers(call).slice(0, 5)).toEqual(upTo(5));
      expect(new Set(numbers(call)).size).toBe(numbers(call).length);
    }
  }, 60_000);
});

describe('a replica that is killed', () => {
  it('leaves its calls to the other one: none ends, each goes on with what was said', async () => {
    const made = await greeted(6);
    await Promise.all(made.map(talk));
    const [victim] = voices.replicas;
    victim!.child.kill('SIGKILL');
    await victim!.ended;
    await eventually('every call has a process', async () => (await Promise.all(made.map((call) => call.answers()))).every(Boolean), 20_000);
    const moved = made.filter((call) => call.peers.length > 1);
    // An agent that comes back after a crash says so.
    await eventually('the excuse is over', () => moved.every((call) => call.peer.heard.length > 20 && call.peer.queuedFrames === 0), 20_000);
    await Promise.all(made.map(talk));
    for (const call of made) {
      const story = voices.story(call.callId);
      expect(story).toMatchObject({ began: 1, resumed: call.peers.length - 1, ended: [] });
      expect(numbers(call).slice(0, 5)).toEqual(upTo(5));
    }
    expect(moved.length).toBeGreaterThan(0);
  }, 90_000);
});

describe('a replica that is told to stop', () => {
  it('moves ten calls between two turns: none ends, nobody is told to wait, and the process ends', async () => {
    const made = await greeted(10);
    await Promise.all(made.map(talk));
    const [leaving] = voices.replicas;
    const begun = (): number => voices.simulator.sessions().flatMap((session) => session.events.filter((event) => event.type === 'input_audio_buffer.speech_started')).length;
    const before = begun();
    const talking = made.map(talk);
    // All ten are in the middle of a turn: who begins to speak while a call moves is another matter (dialogue.spec).
    await eventually('all are heard to speak', () => begun() >= before + made.length);
    leaving!.child.kill('SIGTERM');
    await eventually('it is not ready', async () => (await fetch(new URL('/health/ready', leaving!.url))).status === 503);
    expect(await leaving!.ended).toBe(0);
    await Promise.all(talking);
    await Promise.all(made.map(talk));
    for (const call of made) {
      expect(voices.story(call.callId)).toMatchObject({ began: 1, resumed: call.peers.length - 1, ended: [] });
      expect(call.failures).toBe(0);
      // A greeting and three questions with their answers: nothing was said about the change, or two turns of the agent would stand together.
      const roles = voices.story(call.callId).turns.map(([, role]) => role);
      expect(roles.filter((role, index) => role === 'agent' && roles[index - 1] === 'agent')).toEqual([]);
      expect(numbers(call)).toEqual(upTo(roles.length));
      expect(roles.length).toBeGreaterThanOrEqual(7);
    }
    expect(made.filter((call) => call.peers.length === 2).length).toBeGreaterThan(0);
    for (const call of made) call.letEnd();
    for (const call of made) await voices.ask(DetachV1, { callId: call.callId, reason: 'detached' });
    await Promise.all(made.map((call) => voices.service.seen(ConversationEndedV1, (event) => event.data.callId === call.callId)));
    for (const call of made) expect(voices.story(call.callId).ended).toEqual(['detached']);
  }, 90_000);

  it('waits for another one when it is alone, and takes no new call meanwhile', async () => {
    const [other] = voices.replicas;
    other!.child.kill('SIGKILL');
    await other!.ended;
    const [call] = await greeted(1);
    const [lone] = voices.replicas;
    lone!.child.kill('SIGTERM');
    await eventually('it is not ready', async () => (await fetch(new URL('/health/ready', lone!.url))).status === 503);
    await talk(call!);
    expect(call!.peers.length).toBe(1);
    await expect(voices.call()).rejects.toMatchObject({ code: 'no_one_answers' });
    await voices.add();
    expect(await lone!.ended).toBe(0);
    await eventually('the call has moved', () => call!.peers.length === 2);
    await talk(call!);
    expect(numbers(call!)).toEqual(upTo(5));
    expect(voices.story(call!.callId)).toMatchObject({ began: 1, resumed: 1, ended: [] });
  }, 90_000);
});
