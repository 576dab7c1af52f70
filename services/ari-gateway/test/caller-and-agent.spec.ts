import { AgentConnectedV1, CallAnsweredV1, CallEndedV1, CallQueuedV1, CallStartedV1, ConversationStartedV1, QueueLeftV1, RecordingReadyV1, RecordingStartedV1, TurnCompletedV1 } from '@troncal/contracts';
import type { SipPhone } from '@troncal/sip-phone';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { CALLER_TONE, CallLab, holdsTone, lengthMs, PERSON_TONE } from './support/call-lab.js';

let lab: CallLab;
let caller: SipPhone;
let person: SipPhone;
beforeAll(async () => {
  lab = await CallLab.open('agent-');
  await lab.agentRoute(true);
  person = await lab.phone('201', ['people']);
  caller = await lab.phone('202');
});
afterAll(() => lab.close());

describe('a call to the agent', () => {
  it('has audio both ways; 0 brings a person, both hear each other, and the recording holds both', async () => {
    const answer = person.nextCall({ timeoutMs: 40_000 }).then((call) => call.answer().then(() => call));
    const call = await caller.call('100');
    await call.answered();
    await call.heard.waitForVoice({ timeoutMs: 10_000 });
    const { data: started } = await lab.seen(CallStartedV1);
    expect(started).toMatchObject({ direction: 'internal', from: '202', to: '100', route: { code: 'main' } });
    await lab.seen(ConversationStartedV1, (event) => event.data.callId === started.callId);
    await call.heard.waitForSilence({ timeoutMs: 20_000, forMs: 1_000 });
    // Speech of the caller's, as far as a detector of voices can tell.
    await call.playTone([300, 900, 1_700], 1_500);
    await lab.seen(TurnCompletedV1, (event) => event.data.callId === started.callId && event.data.role === 'caller', 30_000);

    await call.sendDigits('0');
    const personCall = await answer;
    const { data: connected } = await lab.seen(AgentConnectedV1);
    expect(connected).toMatchObject({ callId: started.callId, extension: '201', queue: 'people' });
    await lab.hearEachOther(call, personCall);
    await call.hangup();
    await personCall.ended();

    const { data: ended } = await lab.seen(CallEndedV1);
    expect(ended).toMatchObject({ callId: started.callId, disposition: 'answered', endedBy: 'caller', cause: 16 });
    const ready = await lab.seen(RecordingReadyV1);
    const recording = await lab.recording(ready.data.recordingId);
    expect(holdsTone(recording, CALLER_TONE)).toBe(true);
    expect(holdsTone(recording, PERSON_TONE)).toBe(true);
    const begun = await lab.seen(RecordingStartedV1);
    const spanned = Date.parse((await lab.seen(CallEndedV1)).time) - Date.parse(begun.time);
    expect(Math.abs(lengthMs(recording) - spanned)).toBeLessThan(1_500);
    expect(ready.data.durationMs).toBe(Math.round(lengthMs(recording)));

    const shown = await lab.call(started.callId);
    expect(shown).toMatchObject({ state: 'ended', disposition: 'answered', at: 'ended', recordings: [{ recordingId: ready.data.recordingId, state: 'ready' }] });
    const told = shown.timeline.map((entry) => entry.type);
    for (const type of [CallStartedV1, CallAnsweredV1, ConversationStartedV1, TurnCompletedV1, CallQueuedV1, QueueLeftV1, AgentConnectedV1, CallEndedV1, RecordingReadyV1]) expect(told).toContain(type.type);
    expect(told.filter((type) => type === CallEndedV1.type)).toHaveLength(1);
  });
});
