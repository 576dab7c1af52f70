import { CallAnsweredV1, CallEndedV1, CallQualityMeasuredV1, CallRingingV1, DtmfReceivedV1, QueueLeftV1, RecordingStartedV1 } from '@troncal/contracts';
import type { SipPhone } from '@troncal/sip-phone';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { CallLab, say } from './support/call-lab.js';

let lab: CallLab;
let caller: SipPhone;
let person: SipPhone;
beforeAll(async () => {
  lab = await CallLab.open('menu-');
  await lab.tenant.route('menu', {
    name: 'Menu', extension: '150', start: 'menu',
    nodes: {
      menu: { kind: 'menu', prompt: say('Marque uno para que suene un teléfono. Marque dos para hablar con una persona.'), digits: { '1': 'ring', '2': 'people' }, timeoutMs: 1_000, attempts: 1, onTimeout: 'bye' },
      ring: { kind: 'ring', extensions: ['201'], timeoutMs: 8_000, onNoAnswer: 'bye' },
      people: { kind: 'queue', queue: 'nobody-here', timeoutMs: 15_000, onTimeout: 'bye', onNoMembers: 'nobody' },
      nobody: { kind: 'hangup', prompt: say('Nadie puede atenderle ahora.') },
      bye: { kind: 'hangup', prompt: say('Adiós.') },
    },
  });
  await lab.tenant.route('recorded', {
    name: 'Recorded', extension: '151', start: 'menu',
    recording: { enabled: true, announcement: say('Le informamos de que esta llamada será grabada para mejorar la calidad de nuestro servicio.') },
    nodes: {
      menu: { kind: 'menu', prompt: say('Marque uno.'), digits: { '1': 'again' }, timeoutMs: 1_000, attempts: 1, onTimeout: 'bye' },
      again: { kind: 'menu', prompt: say('Marque dos para que suene un teléfono.'), digits: { '2': 'ring' }, timeoutMs: 1_000, attempts: 1, onTimeout: 'bye' },
      ring: { kind: 'ring', extensions: ['201'], timeoutMs: 8_000, onNoAnswer: 'bye' },
      bye: { kind: 'hangup', prompt: say('Adiós.') },
    },
  });
  person = await lab.phone('201');
  caller = await lab.phone('202');
});
afterAll(() => lab.close());

const callIdOf = async (): Promise<string> => (await lab.seen(CallAnsweredV1)).data.callId;

describe('a menu', () => {
  it('is interrupted by a digit, which rings a phone; both hear each other', async () => {
    const ringing = person.nextCall({ timeoutMs: 20_000 });
    const call = await caller.call('150');
    await call.answered();
    await call.heard.waitForVoice({ timeoutMs: 15_000 });
    await call.sendDigits('1');
    const personCall = await ringing;
    const callId = await callIdOf();
    expect((await lab.seen(DtmfReceivedV1)).data).toMatchObject({ callId, digit: '1', masked: false });
    expect((await lab.seen(CallRingingV1)).data).toMatchObject({ callId, target: '201' });
    await personCall.answer();
    await lab.hearEachOther(call, personCall);
    await personCall.hangup();
    await call.ended();
    expect((await lab.seen(CallEndedV1, (event) => event.data.callId === callId)).data).toMatchObject({ endedBy: 'far_end', disposition: 'answered' });
  });

  it('takes digits pressed during the notice of a recording, once that was heard whole', async () => {
    const ringing = person.nextCall({ timeoutMs: 20_000 });
    const call = await caller.call('151');
    await call.answered();
    await call.heard.waitForVoice({ timeoutMs: 15_000 });
    await call.sendDigits('12');
    const personCall = await ringing;
    const { data: started } = await lab.seen(RecordingStartedV1);
    expect(started.announced).toBe(true);
    const pressed = lab.of(DtmfReceivedV1).filter((event) => event.data.callId === started.callId);
    expect(pressed.map((event) => event.data.digit)).toEqual(['1', '2']);
    // The notice was not cut short: the recording, which follows it, began after the last digit.
    const times = lab.of(RecordingStartedV1).map((event) => Date.parse(event.time));
    expect(times[0]).toBeGreaterThan(Date.parse(pressed.at(-1)?.time ?? ''));
    await personCall.answer();
    await call.hangup();
    await personCall.ended();
  });

  it('follows onTimeout for a caller who presses nothing', async () => {
    const call = await caller.call('150');
    await call.answered();
    expect((await call.ended({ timeoutMs: 30_000 })).by).toBe('remote');
    // Long enough for Asterisk to tell how the audio was. The phone reports nothing, so nothing is known of the way to it.
    const callId = lab.of(CallAnsweredV1).at(-1)?.data.callId;
    const { data } = await lab.seen(CallQualityMeasuredV1, (event) => event.data.callId === callId);
    expect(data).toMatchObject({ measuredBy: 'asterisk_rtp', received: { packets: expect.any(Number) as number, jitterMs: expect.any(Number) as number } });
    expect(data).not.toHaveProperty('sent');
    // Milliseconds, whatever the machine does: not samples, and not the offset between two clocks.
    expect(data.received?.jitterMs).toBeLessThan(5_000);
  });
});

describe('a queue with nobody in it', () => {
  it('is told as such at once, and the caller is told in speech', async () => {
    const call = await caller.call('150');
    await call.answered();
    await call.sendDigits('2');
    const left = await lab.seen(QueueLeftV1);
    expect(left.data).toMatchObject({ outcome: 'no_members', from: '202', queue: 'nobody-here' });
    expect(left.data.waitedMs).toBeLessThan(5_000);
    await call.heard.waitForVoice({ timeoutMs: 8_000 });
    expect((await call.ended({ timeoutMs: 15_000 })).by).toBe('remote');
  });
});

describe('a phone called directly', () => {
  it('rings the caller’s own tone until it is answered, and both hear each other', async () => {
    const ringing = person.nextCall();
    const call = await caller.call('201');
    await call.ringing();
    expect(call.isAnswered).toBe(false);
    const personCall = await ringing;
    await personCall.answer();
    await call.answered();
    await lab.hearEachOther(call, personCall);
    await call.hangup();
    await personCall.ended();
  });

  it('gives the caller its own answer when it is busy', async () => {
    const ringing = person.nextCall();
    const call = await caller.call('201');
    (await ringing).reject(486);
    expect(await call.ended()).toMatchObject({ sipStatus: 486 });
  });
});
