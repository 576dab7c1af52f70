import { AttachV1, CallEndedV1, ConversationEndedV1, ConversationStartedV1, DetachV1, SummariseV1, TurnCompletedV1 } from '@troncal/contracts';
import { newCallId, newLegId } from '@troncal/kernel';
import { tailEvents } from '@troncal/messaging';
import { ANSWER_TONE_HZ, QUESTION_TONES } from '@troncal/simulator-openai-realtime';
import { eventually } from '@troncal/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { FakeAsterisk } from '../test/support/fake-asterisk.js';
import { says, startVoice, type OwnAgent, type TestCall, type VoiceUnderTest } from '../test/support/voice-under-test.js';

let voice: VoiceUnderTest;

beforeAll(async () => {
  voice = await startVoice();
  await voice.greetingsMade(2);
}, 120_000);
afterAll(() => voice.stop());

const events = <Data>(definition: { type: string; read(envelope: never): { data: Data } }, callId: string): Data[] =>
  voice.service.events.flatMap(({ envelope }) => (envelope.type === definition.type && envelope.correlationid === callId ? [definition.read(envelope as never).data] : []));

type OwnCall = TestCall & OwnAgent;

/** A call to an agent of its own in which one question has been answered. */
async function talked(): Promise<OwnCall> {
  const own = await voice.agentThat({ speechMs: 600 });
  const call = { ...own, ...(await voice.call({ agent: own.agent })) };
  await call.peer.greeted();
  call.peer.speak(says(QUESTION_TONES.question, 400));
  await eventually('three turns are told', () => events(TurnCompletedV1, call.callId).length >= 3);
  return call;
}

/** The caller speaks: whoever takes the conversation up has something to excuse. */
async function speaking(call: OwnCall): Promise<void> {
  const before = heardSpeech(call);
  call.peer.speak(says(700, 3_000));
  await eventually('the provider hears them', () => heardSpeech(call) > before);
}
const heardSpeech = ({ sessions }: OwnCall): number => sessions().flatMap((session) => session.events).filter((event) => event.type === 'input_audio_buffer.speech_started').length;

async function resume({ callId, agent }: OwnCall): Promise<FakeAsterisk> {
  const { legId } = await voice.attach({ callId, agent, resume: true });
  return FakeAsterisk.connect(voice.mediaPort(), legId);
}

const replayed = ({ sessions }: OwnCall): string => JSON.stringify(sessions().at(-1)!.events.filter((event) => event.direction === 'received' && event.type === 'conversation.item.create'));

// Each with a call of its own, so they run beside each other; what follows them ends the process or its bus.
describe.concurrent('a conversation', () => {
  it('taken up again goes on in the same process when only the socket was lost', async () => {
    const call = await talked();
    await speaking(call);
    call.peer.socket.terminate();
    const peer = await resume(call);
    await peer.hears(ANSWER_TONE_HZ);
    expect(replayed(call)).toContain('500 Hz');
    await voice.ask(DetachV1, { callId: call.callId, reason: 'detached' });
    await voice.service.seen(ConversationEndedV1, (event) => event.data.callId === call.callId && event.data.reason === 'detached');
    expect(events(ConversationEndedV1, call.callId).length).toBe(1);
  });

  it('answers a repeated attach the same, and refuses a leg of another call', async () => {
    const request = { callId: newCallId(), legId: newLegId(), tenant: 'demo', agent: 'default', format: 'ulaw' as const, language: 'es' as const, caller: '1', called: '2' };
    const first = await voice.ask(AttachV1, request);
    expect(await voice.ask(AttachV1, request)).toEqual(first);
    await expect(voice.ask(AttachV1, { ...request, callId: newCallId() })).rejects.toMatchObject({ code: 'leg_taken' });
    await expect(voice.ask(AttachV1, { ...request, callId: newCallId(), legId: newLegId(), agent: 'nobody' })).rejects.toMatchObject({ code: 'unknown_agent', status: 404 });
  });

  it('gives way to a new conversation of the same call', async () => {
    const call = await talked();
    const again = await voice.attach({ callId: call.callId, agent: call.agent });
    expect(again.conversationId).not.toBe(call.conversationId);
    const ended = await voice.service.seen(ConversationEndedV1, (event) => event.data.conversationId === call.conversationId);
    expect(ended.data.reason).toBe('replaced');
    expect((await call.peer.closed).code).toBe(1000);
  });

  it('ends once, whoever says it: the gateway twice, the socket, and the call’s own end', async () => {
    const call = await talked();
    expect(await voice.ask(DetachV1, { callId: call.callId, reason: 'call_ended' })).toEqual({ detached: true });
    call.peer.hangUp();
    await voice.publishCallEnded(CallEndedV1, call.callId);
    await voice.service.seen(ConversationEndedV1, (event) => event.data.callId === call.callId);
    await eventually('nothing is left to end', async () => !(await voice.ask(DetachV1, { callId: call.callId, reason: 'call_ended' })).detached);
    expect(events(ConversationEndedV1, call.callId).length).toBe(1);
  });
});

describe('when the process was replaced, a conversation', () => {
  let call: OwnCall;
  let nobodys: OwnCall;
  beforeAll(async () => {
    [call, nobodys] = await Promise.all([talked(), talked()]);
    await speaking(call);
    await voice.service.restart();
  }, 60_000);

  it('that is taken up again goes on: same conversation, the past told, no second greeting', async () => {
    expect((await call.peer.closed).code).not.toBe(1006);
    const peer = await resume(call);
    await peer.hears(ANSWER_TONE_HZ);
    await eventually('the fourth turn', () => events(TurnCompletedV1, call.callId).some((turn) => turn.turn === 4 && turn.role === 'agent'));
    expect(replayed(call)).toContain('Hola');
    expect(replayed(call)).toContain('500 Hz');
    const started = events(ConversationStartedV1, call.callId);
    expect(started.map((event) => [event.conversationId, event.resumed])).toEqual([
      [call.conversationId, false],
      [call.conversationId, true],
    ]);
    expect(events(ConversationEndedV1, call.callId)).toEqual([]);
    await voice.ask(DetachV1, { callId: call.callId, reason: 'call_ended' });
    await voice.service.seen(ConversationEndedV1, (event) => event.data.callId === call.callId);
    expect(events(TurnCompletedV1, call.callId).map((turn) => turn.turn).toSorted((a, b) => a - b)).toEqual([1, 2, 3, 4]);
  });

  it('that nobody takes up or detaches ends with the call', async () => {
    await voice.publishCallEnded(CallEndedV1, nobodys.callId);
    const ended = await voice.service.seen(ConversationEndedV1, (event) => event.data.callId === nobodys.callId);
    expect(ended.data).toMatchObject({ reason: 'call_ended', turns: 3 });
    const { summary } = await voice.ask(SummariseV1, { callId: nobodys.callId });
    expect(summary).toContain('500 Hz');
  });
});

describe('while NATS is away', () => {
  it('the dialogue goes on and its turns are told afterwards, each once', async () => {
    const call = await talked();
    await voice.service.nats.kill();
    const asked = performance.now();
    call.peer.speak(says(QUESTION_TONES.question, 400));
    await call.peer.hears(ANSWER_TONE_HZ, asked);
    await voice.service.nats.restart();
    const told: number[] = [];
    const tail = await tailEvents(voice.service.nats.observer, ({ envelope }) => void (envelope.type === TurnCompletedV1.type && envelope.correlationid === call.callId && told.push(TurnCompletedV1.read(envelope).data.turn)), { since: new Date(0) });
    await tail.started;
    await eventually('all five turns', () => told.length >= 5, 30_000);
    call.peer.hangUp();
    await tail.stop();
    expect(told.toSorted((a, b) => a - b)).toEqual([1, 2, 3, 4, 5]);
  }, 60_000);
});
