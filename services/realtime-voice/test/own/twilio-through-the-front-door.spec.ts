import { fork, type ChildProcess } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { hearsTone } from '@troncal/audio';
import { AgentInterruptedV1, HandoffRequestedV1, TurnCompletedV1 } from '@troncal/contracts';
import { ANSWER_TONE_HZ, QUESTION_TONES } from '@troncal/simulator-openai-realtime';
import { apiKeysFile, eventually, freePort, programEnv, serviceProgram } from '@troncal/testing';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import WebSocket from 'ws';
import type { FakeTwilio } from '../support/fake-twilio.js';
import { FollowedStream } from '../support/followed-stream.js';
import { VoiceReplicas } from '../support/voice-replicas.js';
import { BRIEF, says } from '../support/voice-under-test.js';

const folder = mkdtempSync(join(tmpdir(), 'troncal-streams-'));

let voices: VoiceReplicas;
let door: ChildProcess;
let origin: string;
/** Where a third replica may come. */
let thirdPort: number;
const calls: FollowedStream[] = [];

beforeAll(async () => {
  voices = await VoiceReplicas.start(2, { DRAIN_SECONDS: '10' });
  await voices.service.apiOf('demo').expect('PUT', '/api/agents/brief', BRIEF);
  await voices.greetingsMade(3);
  thirdPort = await freePort();
  const upstreams = { 'realtime-voice': [...voices.replicas.map(({ url }) => url), `http://127.0.0.1:${thirdPort}`] };
  door = fork(serviceProgram('front-door'), {
    env: { ...programEnv(), HTTP_HOST: '127.0.0.1', HTTP_PORT: String(await freePort()), API_KEYS_FILE: apiKeysFile(folder, new Map([['*', 'key']])), UPSTREAMS: JSON.stringify(upstreams), LOG_LEVEL: 'silent' },
    execArgv: [],
    stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
  });
  origin = await new Promise<string>((resolve, reject) => {
    door.once('message', (message) => resolve((message as { url: string }).url));
    door.once('exit', (code) => reject(new Error(`the front door ended with ${code}`)));
  });
}, 120_000);
beforeEach(() => {
  voices.simulator.reset();
  voices.simulator.setFaults({ speechMs: 600 });
});
afterEach(() => {
  for (const call of calls.splice(0)) {
    call.hangUp();
    const complaints = call.peers.flatMap((peer) => peer.complaints);
    if (complaints.length > 0) throw new Error(`Twilio would have complained of ${complaints.join(', ')}`);
  }
});
afterAll(async () => {
  door.kill('SIGKILL');
  await voices.stop();
  rmSync(folder, { recursive: true, force: true });
});

async function call(): Promise<FollowedStream> {
  const made = await new FollowedStream(voices, origin).begin();
  calls.push(made);
  await eventually('the greeting is heard', () => made.peer.heard.length > 20 && made.peer.queuedFrames === 0, 20_000);
  expect(hearsTone(made.audio(), ANSWER_TONE_HZ)).toBe(true);
  return made;
}

/** Four calls, or as many more as it takes until each replica serves one: they take turns, and one that is slow to answer is passed over. */
async function callsAtEachReplica(): Promise<FollowedStream[]> {
  const made = [await call(), await call(), await call(), await call()];
  const idle = async (): Promise<boolean> => (await Promise.all(voices.replicas.map((replica) => voices.servedBy(replica)))).includes(0);
  while ((await idle()) && made.length < 12) made.push(await call());
  return made;
}

/** Asks, and hears the answer to its end. */
async function talk(call: FollowedStream): Promise<void> {
  const asked = performance.now();
  const before = voices.told(TurnCompletedV1, call.callId).length;
  call.peer.speak(says(QUESTION_TONES.question, 400));
  await eventually('an answer is heard', () => hearsTone(call.audio(asked), ANSWER_TONE_HZ, { minMs: 200 }), 20_000);
  await eventually('question and answer are told', () => voices.told(TurnCompletedV1, call.callId).length >= before + 2, 20_000);
}

const ended = (call: FollowedStream): Promise<unknown> => eventually('the end is told', () => voices.story(call.callId).ended.length > 0, 20_000);
/** Those that have lost their stream, when each of them has another. */
const movedFrom = (made: readonly FollowedStream[], before: readonly FakeTwilio[]): Promise<FollowedStream[]> =>
  eventually('some have lost their stream, and each of them has another', () => {
    const lost = made.filter((_, n) => before[n]!.socket.readyState === WebSocket.CLOSED);
    return lost.length > 0 && lost.every((one) => !before.includes(one.peer)) && lost;
  }, 20_000);
const numbers = (call: FollowedStream): number[] => voices.story(call.callId).turns.map(([number]) => number);
const upTo = (last: number): number[] => Array.from({ length: last }, (_, index) => index + 1);

describe('a call of Twilio’s through the front door', () => {
  it('is greeted, answered, interrupted, and led to a person with a summary', async () => {
    const one = await call();
    await talk(one);
    voices.simulator.setFaults({ speechMs: 8_000 });
    const asked = performance.now();
    one.peer.speak(says(QUESTION_TONES.question, 400));
    await eventually('a long answer begins', () => hearsTone(one.audio(asked), ANSWER_TONE_HZ), 20_000);
    one.peer.speak(says(QUESTION_TONES.person, 600));
    await eventually('it is silenced', () => one.peer.commands.some(({ name, atMs }) => name === 'clear' && atMs > asked), 20_000);
    await eventually('the leg has ended', () => one.outcomes[0], 30_000);
    expect(one.outcomes).toEqual([{ outcome: 'handoff', reason: 'the caller asked for a person', summary: expect.stringMatching(/^SIMULATED summary/) as string, resumable: false }]);
    await ended(one);
    expect(voices.story(one.callId)).toMatchObject({ began: 1, resumed: 0, ended: ['handoff'] });
    expect(voices.told(HandoffRequestedV1, one.callId)).toHaveLength(1);
    expect(voices.told(AgentInterruptedV1, one.callId)[0]!.heardMs).toBeLessThan(8_000);
    expect(numbers(one)).toEqual(upTo(numbers(one).length));
  });

  it('leaves the agent by the key 0, and the next step knows', async () => {
    const one = await call();
    await talk(one);
    one.peer.press('0');
    await eventually('the leg has ended', () => one.outcomes[0]);
    expect(one.outcomes).toEqual([{ outcome: 'digit', digit: '0', summary: expect.stringContaining('500 Hz') as string, resumable: false }]);
    await ended(one);
    expect(voices.story(one.callId)).toMatchObject({ began: 1, resumed: 0, ended: ['handoff'] });
  });

  it('goes on with the same conversation when its process is killed, on another one; the others don’t notice', async () => {
    const made = await callsAtEachReplica();
    await Promise.all(made.map(talk));
    const before = made.map(({ peer }) => peer);
    voices.replicas[0]!.child.kill('SIGKILL');
    const struck = await movedFrom(made, before);
    expect(struck.length).toBeLessThan(made.length);
    for (const one of struck) expect(one.outcomes).toEqual([{ outcome: 'failed', reason: 'the connection broke', resumable: true }]);
    // It excuses itself: nobody knows whether the caller was waiting.
    for (const one of struck) await eventually('the agent speaks', () => hearsTone(one.peer.audio(), ANSWER_TONE_HZ, { minMs: 200 }), 20_000);
    await Promise.all(made.map(talk));
    for (const one of made) one.hangUp();
    await Promise.all(made.map(ended));
    for (const one of made) {
      expect(voices.story(one.callId)).toMatchObject({ began: 1, resumed: struck.includes(one) ? 1 : 0, ended: ['call_ended'] });
      expect(numbers(one)).toEqual(upTo(struck.includes(one) ? 6 : 5));
    }
  }, 120_000);

  it('moves between two turns when its process stops in good order, and nothing is said about it', async () => {
    await voices.add(thirdPort);
    const made = await callsAtEachReplica();
    await Promise.all(made.map(talk));
    const before = made.map(({ peer }) => peer);
    const [leaving] = voices.replicas;
    leaving!.child.kill('SIGTERM');
    expect(await leaving!.ended).toBe(0);
    const moved = await movedFrom(made, before);
    await Promise.all(made.map(talk));
    for (const one of made) one.hangUp();
    await Promise.all(made.map(ended));
    for (const one of made) {
      expect(voices.story(one.callId)).toMatchObject({ began: 1, resumed: moved.includes(one) ? 1 : 0, ended: ['call_ended'] });
      expect(numbers(one)).toEqual(upTo(5));
    }
  }, 120_000);
});
