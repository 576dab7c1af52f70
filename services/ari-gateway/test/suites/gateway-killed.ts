import { CallEndedV1, CallPickedUpV1, CallTransferredV1, ConferenceJoinedV1, ParkingExpiredV1, SnoopEndedV1, SnoopStartedV1 } from '@troncal/contracts';
import { describe, expect } from 'vitest';
import { consult, converse, hears, hearsMusic, isDeaf, verb } from '../support/conversation.js';
import type { GatewayLab } from '../support/gateway-lab.js';
import { throughOneOutage } from '../support/outage.js';

/** One kill, with calls in all states that they can be in. */
export function gatewayKilled(of: () => GatewayLab): void {
  describe('kill -9 of the gateway', () => {
    throughOneOutage({ begin: () => of().kill(), end: () => of().start() }, {
      'while a call is on hold: it stays on hold, and is resumed': async () => {
        const lab = of();
        const [a, b] = await lab.staffed('201', '202');
        const { callId, caller, person } = await converse(lab, a, b, '202');
        await verb(lab, callId, 'hold');
        return {
          async afterwards() {
            expect(await lab.call(callId)).toMatchObject({ held: true, at: 'held' });
            await hearsMusic(caller);
            await isDeaf(person, caller, 1_300);
            await verb(lab, callId, 'resume');
            await hears(person, caller, 1_300);
            await hears(caller, person, 1_700);
            await caller.hangup();
            await person.ended();
          },
        };
      },

      'while one is parked: it is picked up by its slot afterwards, and given back in time': async () => {
        const lab = of();
        const [a, b, c, d] = await lab.staffed('201', '202', '203', '204');
        const one = await converse(lab, a, b, '202');
        const two = await converse(lab, c, d, '204');
        await verb(lab, one.callId, 'park', { timeoutMs: 60_000 });
        await one.person.ended();
        return {
          async justBefore() {
            await verb(lab, two.callId, 'park', { timeoutMs: 1_000 });
            await two.person.ended();
          },
          async afterwards() {
            const back = await d.nextCall({ timeoutMs: 15_000 });
            expect((await lab.seen(ParkingExpiredV1, two.callId)).data.returnedTo).toBe('204');
            await back.answer();
            await hears(back, two.caller, 1_300);
            await hearsMusic(one.caller);
            const taker = await b.call('*8570');
            await taker.answered();
            await hears(taker, one.caller, 1_700);
            await lab.seen(CallPickedUpV1, one.callId);
            await Promise.all([one.caller.hangup(), two.caller.hangup()]);
            await Promise.all([taker.ended(), back.ended()]);
          },
        };
      },

      'while two calls are in a conference: all hear each other, and one leaves it': async () => {
        const lab = of();
        const [a, b, c, d] = await lab.staffed('201', '202', '203', '204');
        const one = await converse(lab, a, b, '202');
        const two = await converse(lab, c, d, '204');
        for (const { callId } of [one, two]) {
          await verb(lab, callId, 'conference', { conference: 'red' });
          await lab.seen(ConferenceJoinedV1, callId);
        }
        await hears(two.person, one.caller, 1_100);
        return {
          async afterwards() {
            await hears([one.person, two.caller, two.person], one.caller, 1_300);
            await hears([one.caller, one.person, two.caller], two.person, 1_700);
            await verb(lab, two.callId, 'conference', {}, 'DELETE');
            await isDeaf(one.caller, two.caller, 2_100, two.person);
            await Promise.all([one.caller.hangup(), two.caller.hangup()]);
            await Promise.all([one.person.ended(), two.person.ended()]);
            for (const { callId } of [one, two]) expect((await lab.seen(CallEndedV1, callId)).data.endedBy).toBe('caller');
          },
        };
      },

      'while a supervisor listens: the ear stays open, and closes when it is told to': async () => {
        const lab = of();
        const [a, b, c] = await lab.staffed('201', '202', '203');
        const { callId, caller, person } = await converse(lab, a, b, '202');
        const ringing = c.nextCall();
        const { snoopId } = await verb<{ snoopId: string }>(lab, callId, 'snoop', { extension: '203', mode: 'whisper', party: 'other' });
        const ear = await ringing;
        await ear.answer();
        await lab.seen(SnoopStartedV1, callId);
        return {
          async afterwards() {
            await hears([ear, person], caller, 1_300);
            await hears(person, ear, 2_100);
            await verb(lab, callId, `snoop/${snoopId}`, {}, 'DELETE');
            await ear.ended();
            expect((await lab.seen(SnoopEndedV1, callId)).data).toMatchObject({ snoopId, mode: 'whisper' });
            await caller.hangup();
            await person.ended();
          },
        };
      },

      'in a consultation: it is completed afterwards': async () => {
        const lab = of();
        const [a, b, c] = await lab.staffed('201', '202', '203');
        const { callId, caller, person } = await converse(lab, a, b, '202');
        const target = await consult(lab, { callId, caller, person }, c);
        return {
          async afterwards() {
            await hears(person, target, 1_700);
            await isDeaf(caller, person, 2_100, target);
            await verb(lab, callId, 'warm-transfer/complete');
            await person.ended();
            await hears(target, caller, 1_500);
            expect((await lab.seen(CallTransferredV1, callId)).data.mode).toBe('warm');
            await caller.hangup();
            await target.ended();
          },
        };
      },

      'between which callers hang up, held, parked and put together: all is found and cleared': async () => {
        const lab = of();
        const [a, b, c, d, e] = await lab.staffed('201', '202', '203', '204', '205');
        const held = await converse(lab, a, b, '202');
        await verb(lab, held.callId, 'hold');
        const parked = await converse(lab, c, d, '204');
        await verb(lab, parked.callId, 'park');
        await parked.person.ended();
        const other = await converse(lab, d, e, '205');
        await verb(lab, other.callId, 'conference', { conference: 'red' });
        await lab.seen(ConferenceJoinedV1, other.callId);
        return {
          meanwhile: () => Promise.all([held.caller.hangup(), parked.caller.hangup(), other.caller.hangup()]),
          async afterwards() {
            for (const { callId } of [held, parked, other]) expect((await lab.seen(CallEndedV1, callId)).data).toMatchObject({ recovered: true, endedBy: 'caller' });
            await Promise.all([held.person.ended(), other.person.ended()]);
          },
        };
      },
    });
  });
}
