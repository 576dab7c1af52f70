import { CallEndedV1, SnoopEndedV1, SnoopStartedV1 } from '@troncal/contracts';
import type { SipPhone } from '@troncal/sip-phone';
import { eventually } from '@troncal/testing';
import { describe, expect, it } from 'vitest';
import { converse, hears, isDeaf, refused, verb, type Party } from '../support/conversation.js';
import type { GatewayLab } from '../support/gateway-lab.js';

async function listen(lab: GatewayLab, supervisor: SipPhone, callId: string, more: object = {}): Promise<{ ear: Party; snoopId: string }> {
  const ringing = supervisor.nextCall();
  const known = lab.of(SnoopStartedV1, callId).length;
  const { snoopId } = await verb<{ snoopId: string }>(lab, callId, 'snoop', { extension: '205', ...more });
  const ear = await ringing;
  await ear.answer();
  await eventually('the ear is open', () => lab.of(SnoopStartedV1, callId).length > known);
  return { ear, snoopId };
}

/** Supervisors who listen to calls, and whisper into them. */
export function snoops(of: () => GatewayLab): void {
  describe('a supervisor', { timeout: 60_000 }, () => {
    it.concurrent('who listens hears both and is heard by nobody', async () => {
      const lab = of();
      const [a, b, supervisor] = await lab.staffed('201', '202', '205');
      const { callId, caller, person } = await converse(lab, a, b, '202');
      const { ear, snoopId } = await listen(lab, supervisor, callId);
      await hears([ear, person], caller, 1_300);
      await hears([ear, caller], person, 1_700);
      await isDeaf(caller, ear, 2_100);
      await isDeaf(person, ear, 2_500);
      expect(await refused(lab, callId, 'snoop', { extension: '205' })).toEqual([409, 'already_listening']);
      await verb(lab, callId, `snoop/${snoopId}`, {}, 'DELETE');
      await ear.ended();
      expect((await lab.seen(SnoopEndedV1, callId)).data.durationMs).toBeGreaterThan(500);
      expect(await refused(lab, callId, `snoop/${snoopId}`, {}, 'DELETE')).toEqual([409, 'no_such_snoop']);
      await hears(person, caller, 1_300);
      await caller.hangup();
    });

    it.concurrent.each(['caller', 'other'] as const)('who whispers to the %s is heard by that one alone, and hears both', async (party) => {
      const lab = of();
      const [a, b, supervisor] = await lab.staffed('201', '202', '205');
      const { callId, caller, person } = await converse(lab, a, b, '202');
      const { ear } = await listen(lab, supervisor, callId, { mode: 'whisper', party });
      const [whisperedTo, other] = party === 'caller' ? [caller, person] : [person, caller];
      await hears(whisperedTo, ear, 2_100);
      await isDeaf(other, ear, 2_300, whisperedTo);
      await hears([ear, person], caller, 1_300);
      await hears([ear, caller], person, 1_700);
      await ear.hangup();
      expect((await lab.seen(SnoopEndedV1, callId)).data).toMatchObject({ mode: 'whisper', extension: '205' });
      await hears(person, caller, 1_500);
      await caller.hangup();
    });

    it.concurrent('is out when the call ends, and when the phone never answers', async () => {
      const lab = of();
      const [a, b, supervisor] = await lab.staffed('201', '202', '205');
      const { callId, caller } = await converse(lab, a, b, '202');
      const { ear } = await listen(lab, supervisor, callId);
      await caller.hangup();
      await ear.ended();
      expect((await lab.seen(CallEndedV1, callId)).data.endedBy).toBe('caller');
      const next = await converse(lab, a, b, '202');
      const ringing = supervisor.nextCall();
      await verb(lab, next.callId, 'snoop', { extension: '205' });
      (await ringing).reject(486);
      expect((await lab.seen(SnoopEndedV1, next.callId)).data.durationMs).toBe(0);
      expect(await refused(lab, next.callId, 'snoop', { extension: '299' })).toEqual([422, 'no_such_endpoint']);
      await next.caller.hangup();
    });

    it.concurrent('needs the scope for it, and no other verb gives it', async () => {
      const lab = of();
      const [a, b] = await lab.staffed('201', '202');
      const { callId, caller } = await converse(lab, a, b, '202');
      const operator = lab.api('calls:write');
      expect((await operator.send('POST', `/api/calls/${callId}/snoop`, { extension: '205' })).body).toMatchObject({ code: 'missing_scope', status: 403 });
      expect((await operator.send('POST', `/api/calls/${callId}/hold`)).status).toBe(200);
      expect((await lab.api('calls:supervise').send('POST', `/api/calls/${callId}/resume`)).status).toBe(403);
      await caller.hangup();
    });
  });
}
