import { hearsTone } from '@troncal/audio';
import { CallEndedV1, ConversationEndedV1, DetachV1, SummariseV1, TurnCompletedV1 } from '@troncal/contracts';
import { ANSWER_TONE_HZ, QUESTION_TONES } from '@troncal/simulator-openai-realtime';
import { eventually, EventSource } from '@troncal/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { FollowedCall } from '../test/support/followed-call.js';
import { numbers, startTwoReplicas, talk, upTo, withCalls } from '../test/support/replica-calls.js';
import type { VoiceReplicas } from '../test/support/voice-replicas.js';
import { BRIEF, says } from '../test/support/voice-under-test.js';

let voices: VoiceReplicas;

beforeAll(async () => {
  voices = await startTwoReplicas();
  // Its answers are long enough for a call to end in one of them, and its greeting as short as any.
  await voices.service.apiOf('demo').expect('PUT', '/api/agents/long', { ...BRIEF, instructions: 'Be long. [[simulator as long]]' });
  await voices.greetingsMade(4);
  voices.simulator.setFaults({ as: 'long', speechMs: 5_000, speedup: 2 });
}, 120_000);
afterAll(() => voices.stop());

/** Six times in a row the model's own summary, whoever is asked: the process that doesn't have the call could only give a digest. Thrice, since the model may be late. */
async function byTheModel({ callId }: FollowedCall): Promise<boolean> {
  for (let tries = 0; tries < 3; tries += 1) {
    const answers = await Promise.all(Array.from({ length: 6 }, () => voices.ask(SummariseV1, { callId })));
    if (answers.every(({ summary }) => summary.startsWith('SIMULATED summary'))) return true;
  }
  return false;
}

describe('two replicas', () => {
  it('serve a call wherever its attach and its socket arrive, and whoever is asked answers for it', () => withCalls(voices, 6, async (made) => {
    await Promise.all(made.map((call) => talk(voices, call)));
    for (const call of made) expect(await byTheModel(call)).toBe(true);
    for (const call of made) call.letEnd();
    for (const call of made) expect(await voices.ask(DetachV1, { callId: call.callId, reason: 'handoff' })).toEqual({ detached: true });
    for (const call of made) {
      const ended = await voices.service.seen(ConversationEndedV1, (event) => event.data.callId === call.callId);
      expect(ended.data).toMatchObject({ reason: 'handoff', turns: 3 });
      expect(voices.story(call.callId)).toMatchObject({ began: 1, resumed: 0, ended: ['handoff'] });
      expect(numbers(voices, call)).toEqual(upTo(3));
      // Said last, whichever process was asked.
      expect(ended.sequence).toBeGreaterThan(Math.max(...voices.told(TurnCompletedV1, call.callId).map((turn) => turn.sequence)));
      expect((await voices.ask(DetachV1, { callId: call.callId, reason: 'call_ended' })).detached).toBe(false);
    }
  }), 60_000);
});

// Each with calls of its own, so they run beside each other.
describe.concurrent('two replicas', () => {
  it('end a conversation by the call’s end, once, whichever of them hears of it; the turn in progress is told before', () => withCalls(voices, 4, async (made) => {
    await Promise.all(made.map(({ callId }) => eventually('the greeting is told', () => voices.told(TurnCompletedV1, callId).length > 0, 20_000)));
    const asked = performance.now();
    for (const call of made) call.peer.speak(says(QUESTION_TONES.question, 400));
    await Promise.all(made.map((call) => eventually('the answer begins', () => hearsTone(call.peer.audio(asked), ANSWER_TONE_HZ, { minMs: 200 }), 20_000)));
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
  }, 'long'), 60_000);

  it('all know an agent as it was last written, wherever that was', async () => {
    for (const instructions of ['Be kind.', 'Be kind. Be brief.']) await voices.service.apiOf('demo').expect('PUT', '/api/agents/kind', { ...BRIEF, instructions });
    await withCalls(voices, 4, async (made) => {
      for (const call of made) expect((await voices.service.apiOf('demo').expect<{ agent: { version: number } }>('GET', `/api/conversations/${call.callId}`)).agent.version).toBe(2);
    }, 'kind');
  }, 60_000);

  it('take a conversation from each other although the first one still serves it: no turn is lost or told twice', () => withCalls(voices, 4, async (made) => {
    await Promise.all(made.map((call) => talk(voices, call)));
    // The gateway's view of a leg that it has lost: a new one, while the old process has noticed nothing.
    for (const call of made) expect(call.leaving(call.legId)).toBe(true);
    await Promise.all(made.map((call) => eventually('the new leg is there', () => call.peers.length === 2)));
    await Promise.all(made.map((call) => talk(voices, call)));
    for (const call of made) {
      expect(voices.story(call.callId)).toMatchObject({ began: 1, resumed: 1, ended: [] });
      expect(numbers(voices, call).slice(0, 5)).toEqual(upTo(5));
      expect(new Set(numbers(voices, call)).size).toBe(numbers(voices, call).length);
    }
  }), 60_000);
});

describe('a replica that is killed', () => {
  it('leaves its calls to the other one: none ends, each goes on with what was said', () => withCalls(voices, 6, async (made) => {
    await Promise.all(made.map((call) => talk(voices, call)));
    const [victim] = voices.replicas;
    victim!.child.kill('SIGKILL');
    await victim!.ended;
    await eventually('every call has a process', async () => (await Promise.all(made.map((call) => call.answers()))).every(Boolean), 20_000);
    const moved = made.filter((call) => call.peers.length > 1);
    // An agent that comes back after a crash says so.
    await eventually('the excuse is over', () => moved.every((call) => call.peer.heard.length > 20 && call.peer.queuedFrames === 0), 20_000);
    await Promise.all(made.map((call) => talk(voices, call)));
    for (const call of made) {
      const story = voices.story(call.callId);
      expect(story).toMatchObject({ began: 1, resumed: call.peers.length - 1, ended: [] });
      expect(numbers(voices, call).slice(0, 5)).toEqual(upTo(5));
    }
    expect(moved.length).toBeGreaterThan(0);
  }), 90_000);
});
