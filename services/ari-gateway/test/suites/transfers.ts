import { AgentConnectedV1, CallEndedV1, CallTransferredV1, ConsultationStartedV1, TransferFailedV1 } from '@troncal/contracts';
import { eventually } from '@troncal/testing';
import { describe, expect, it } from 'vitest';
import { consult, converse, hears, hearsMusic, isDeaf, refused, verb } from '../support/conversation.js';
import { SPEECH_HZ, type GatewayLab } from '../support/gateway-lab.js';

/** One of the two tones of the ringing tone (440 and 480 Hz); the other is near enough for the detector. */
const RINGING_HZ = 440;
const BODIES: Readonly<Record<string, object>> = { transfer: { extension: '203' }, conference: { conference: 'x' } };

/** Calls that are sent on, at once or after a word with whoever shall take them. */
export function transfers(of: () => GatewayLab): void {
  describe('a cold transfer', { timeout: 60_000 }, () => {
    it.concurrent('lets the caller hear ringing, and then whoever answers', async () => {
      const lab = of();
      const [a, b, c] = await lab.staffed('201', '202', '203');
      const { callId, caller, person } = await converse(lab, a, b, '202');
      const ringing = c.nextCall();
      await verb(lab, callId, 'transfer', { extension: '203' });
      await person.ended();
      const third = await ringing;
      await caller.heard.waitForTone(RINGING_HZ, { timeoutMs: 8_000, forMs: 200, levelDbfs: -50 });
      await third.answer();
      await hears(third, caller, 1_300);
      await hears(caller, third, 1_700);
      expect((await lab.seen(CallTransferredV1, callId)).data).toMatchObject({ kind: 'endpoint', target: '203', mode: 'cold' });
      await third.hangup();
      await caller.ended();
      expect((await lab.seen(CallEndedV1, callId)).data).toMatchObject({ endedBy: 'far_end', disposition: 'answered' });
    });

    it.concurrent('that is refused rings the one who sent the caller on', async () => {
      const lab = of();
      const [a, b, c] = await lab.staffed('201', '202', '203');
      const { callId, caller, person } = await converse(lab, a, b, '202');
      const ringing = c.nextCall();
      await verb(lab, callId, 'transfer', { extension: '203' });
      await person.ended();
      (await ringing).reject(486);
      const back = await b.nextCall({ timeoutMs: 10_000 });
      expect((await lab.seen(TransferFailedV1, callId)).data).toMatchObject({ mode: 'cold', outcome: 'busy', returnedTo: 'transferor' });
      await back.answer();
      await hears(back, caller, 1_300);
      await caller.hangup();
      await back.ended();
    });

    it.concurrent('that nobody takes, nor whoever sent it, follows the route again; a number that no trunk reaches is refused', async () => {
      const lab = of();
      const [a, b, c] = await lab.staffed('201', '202', '203');
      const { callId, caller, person } = await converse(lab, a, b, '202');
      expect(await refused(lab, callId, 'transfer', { number: '+56223456789' })).toEqual([403, 'no_trunk']);
      expect(await refused(lab, callId, 'transfer', { extension: '299' })).toEqual([422, 'no_such_endpoint']);
      const ringing = c.nextCall();
      await verb(lab, callId, 'transfer', { extension: '203' });
      await person.ended();
      (await ringing).reject(486);
      (await b.nextCall({ timeoutMs: 10_000 })).reject(480);
      // The route of this call is the phone that was dialled.
      const again = await b.nextCall({ timeoutMs: 10_000 });
      await eventually('both failures are told', () => lab.of(TransferFailedV1, callId).length === 2);
      expect(lab.of(TransferFailedV1, callId).map((event) => event.data.returnedTo)).toEqual(['transferor', 'route']);
      await again.answer();
      await hears(again, caller, 1_300);
      await caller.hangup();
      await again.ended();
    });
  });

  describe('a warm transfer', { timeout: 90_000 }, () => {
    it.concurrent('lets the two speak while the caller hears music, says the briefing, and is completed', async () => {
      const lab = of();
      const [a, b, c] = await lab.staffed('201', '202', '203');
      const { callId, caller, person } = await converse(lab, a, b, '202');
      const ringing = c.nextCall();
      await verb(lab, callId, 'warm-transfer', { extension: '203', briefing: 'Ana, de la factura.' });
      await hearsMusic(caller);
      expect(await refused(lab, callId, 'warm-transfer/complete')).toEqual([409, 'target_not_answered']);
      for (const path of ['hold', 'transfer', 'park', 'conference']) expect((await refused(lab, callId, path, BODIES[path]))[0]).toBe(409);
      const target = await ringing;
      await target.answer();
      await target.heard.waitForTone(SPEECH_HZ);
      await hears(target, person, 1_300);
      await hears(person, target, 1_700);
      await isDeaf(caller, person, 2_100, target);
      await isDeaf(target, caller, 2_500);
      await verb(lab, callId, 'warm-transfer/complete');
      await person.ended();
      await hears(target, caller, 1_300);
      await hears(caller, target, 1_700);
      expect((await lab.seen(ConsultationStartedV1, callId)).data).toMatchObject({ kind: 'endpoint', target: '203' });
      expect((await lab.seen(CallTransferredV1, callId)).data).toMatchObject({ mode: 'warm', target: '203' });
      const connected = await eventually('both are told of', () => (lab.of(AgentConnectedV1, callId).length === 2 ? lab.of(AgentConnectedV1, callId) : undefined));
      expect(connected.map((event) => event.data.extension)).toEqual(['202', '203']);
      await caller.hangup();
      await target.ended();
    });

    it.concurrent('that is called off, refused, or left by its target gives the caller back', async () => {
      const lab = of();
      const [a, b, c] = await lab.staffed('201', '202', '203');
      const { callId, caller, person } = await converse(lab, a, b, '202');
      await verb(lab, callId, 'warm-transfer', { extension: '203' });
      const calledOff = await c.nextCall();
      await verb(lab, callId, 'warm-transfer/cancel');
      await calledOff.ended();
      await hears(person, caller, 1_300);
      expect(await refused(lab, callId, 'warm-transfer/cancel')).toEqual([409, 'no_transfer']);
      await verb(lab, callId, 'warm-transfer', { extension: '203' });
      (await c.nextCall()).reject(486);
      await eventually('it is told', () => lab.of(TransferFailedV1, callId).length === 2);
      await hears(caller, person, 1_300);
      const target = await consult(lab, { callId, caller, person }, c);
      await target.hangup();
      await eventually('all three are told', () => lab.of(TransferFailedV1, callId).length === 3);
      expect(lab.of(TransferFailedV1, callId).map((event) => event.data.outcome)).toEqual(['cancelled', 'busy', 'left']);
      await hears(person, caller, 1_700);
      await caller.hangup();
      await person.ended();
    });

    it.concurrent('is completed by a transferor who hangs up, even before the target has answered', async () => {
      const lab = of();
      await Promise.all([false, true].map(async (before) => {
        const [a, b, c] = await lab.staffed('201', '202', '203');
        const { callId, caller, person } = await converse(lab, a, b, '202');
        await verb(lab, callId, 'warm-transfer', { extension: '203' });
        const target = await c.nextCall();
        if (before) {
          await person.hangup();
          await caller.heard.waitForVoice({ timeoutMs: 6_000 });
          await target.answer();
        } else {
          await target.answer();
          await hears(target, person, 1_500);
          await person.hangup();
        }
        await hears(target, caller, 1_300);
        await hears(caller, target, 1_700);
        await target.hangup();
        await caller.ended();
        expect((await lab.seen(CallTransferredV1, callId)).data.mode).toBe('warm');
      }));
    });

    it.concurrent('ends with a caller who hangs up during it', async () => {
      const lab = of();
      const [a, b, c] = await lab.staffed('201', '202', '203');
      const { callId, caller, person } = await converse(lab, a, b, '202');
      const target = await consult(lab, { callId, caller, person }, c);
      await caller.hangup();
      await Promise.all([person.ended(), target.ended()]);
      expect((await lab.seen(CallEndedV1, callId)).data.endedBy).toBe('caller');
    });
  });
}
