import { CallAnsweredV1, CallEndedV1, CallRingingV1, DtmfReceivedV1, QueueLeftV1 } from '@troncal/contracts';
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

  it('follows onTimeout for a caller who presses nothing', async () => {
    const call = await caller.call('150');
    await call.answered();
    expect((await call.ended({ timeoutMs: 30_000 })).by).toBe('remote');
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
