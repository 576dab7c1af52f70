import { CallEndedV1, CallQueuedV1, CallStartedV1 } from '@troncal/contracts';
import { dbfs, samplesOfMs } from '@troncal/audio';
import type { SipPhone } from '@troncal/sip-phone';
import { EventRecorder, eventually, openStack, openStackPhone, TenantFixture } from '@troncal/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { BaresipPhone } from './baresip-phone.js';

const BARESIP_HZ = 700;
const PERSON_HZ = 1_300;
/** Another one for the second call, so that the first call’s recording can’t be taken for it. */
const CALLER_HZ = 1_900;

describe('baresip, a telephone nobody here wrote', () => {
  let tenant: TenantFixture;
  let events: EventRecorder;
  let baresip: BaresipPhone;
  let person: SipPhone;
  const callIds: string[] = [];

  beforeAll(async () => {
    const stack = await openStack();
    const state = await stack.state();
    if (!state.sip) throw new Error('This suite needs Asterisk: start the stack with it.');
    events = await EventRecorder.open(state, ['calls']);
    tenant = await TenantFixture.create(stack.api, 'baresip-');
    await tenant.route('agent', {
      name: 'Agent, then people', extension: '100', start: 'agent',
      nodes: {
        agent: { kind: 'agent', agent: 'default', digits: { '0': 'people' }, onHandoff: 'people', onFailed: 'people' },
        people: { kind: 'queue', queue: 'people', timeoutMs: 30_000, onTimeout: 'bye' },
        bye: { kind: 'hangup' },
      },
    });
    baresip = await BaresipPhone.open(state.sip, await tenant.endpoint('202'));
    person = await openStackPhone(state, await tenant.endpoint('201', ['people']));
  });
  afterAll(async () => {
    await baresip?.close();
    await person?.close();
    await tenant?.remove();
    await events?.stop();
  });

  const started = (to: string) => events.seen(CallStartedV1, (event) => event.tenantid === tenant.code && event.data.to === to);

  it('makes the whole call: agent, 0, a person, both heard, ended once', async () => {
    await baresip.dial('100');
    await baresip.event('CALL_ESTABLISHED');
    const { data: { callId, from } } = await started('100');
    callIds.push(callId);
    expect(from).toBe('202');
    await eventually('baresip hears the agent', async () => longestVoiceMs(await baresip.heard()) >= 500, 20_000);

    await baresip.press('0');
    await events.seen(CallQueuedV1, (event) => event.data.callId === callId && event.data.reason === 'digit');
    const ringing = await person.nextCall({ timeoutMs: 20_000 });
    await ringing.answer();
    await baresip.speak(BARESIP_HZ);
    const playing = ringing.playTone(PERSON_HZ, 20_000);
    await Promise.all([ringing.heard.waitForTone(BARESIP_HZ, { timeoutMs: 15_000, forMs: 200 }), baresip.hears(PERSON_HZ)]);
    ringing.stopPlaying();
    await playing;

    await baresip.hangup();
    expect((await ringing.ended()).by).toBe('remote');
    await events.seen(CallEndedV1, (event) => event.data.callId === callId);
  });

  it('is rung, answers, and both hear each other', async () => {
    const call = await person.call('202');
    await baresip.event('CALL_INCOMING');
    await call.ringing();
    await baresip.accept();
    await call.answered();
    const { data: { callId, from } } = await started('202');
    expect(from).toBe('201');
    callIds.push(callId);
    await baresip.speak(BARESIP_HZ);
    const playing = call.playTone(CALLER_HZ, 20_000);
    await Promise.all([call.heard.waitForTone(BARESIP_HZ, { timeoutMs: 15_000, forMs: 200 }), baresip.hears(CALLER_HZ)]);
    call.stopPlaying();
    await playing;
    await call.hangup();
    await baresip.event('CALL_CLOSED');
    await events.seen(CallEndedV1, (event) => event.data.callId === callId);
  });

  it('has ended each call exactly once', () => {
    expect(callIds).toHaveLength(2);
    for (const callId of callIds) expect(events.of(CallEndedV1, (event) => event.data.callId === callId)).toHaveLength(1);
  });
});

/** The longest stretch of sound, with the pauses of speech bridged. */
function longestVoiceMs(samples: Int16Array): number {
  const size = samplesOfMs(100);
  let run = 0;
  let longest = 0;
  for (let at = 0; at + size <= samples.length; at += size) {
    run = dbfs(samples.subarray(at, at + size)) > -45 ? run + 100 : 0;
    longest = Math.max(longest, run);
  }
  return longest;
}
