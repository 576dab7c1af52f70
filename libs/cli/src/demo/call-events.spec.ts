import type { Envelope } from '@troncal/contracts';
import { describe, expect, it } from 'vitest';
import { CallEvents } from './call-events.js';

const OURS = '3f1f0a2b-5a10-4c3e-9d55-3f1f6f0a1b2c';
const OTHER = '4f1f0a2b-5a10-4c3e-9d55-3f1f6f0a1b2c';
const LEG = '0198c2d4-5a11-7b1e-8f6e-6b5a4c3d2e1f';
const event = (type: string, callId: string, second: number, extra: Record<string, unknown> = {}, tenantid = 'demo'): Envelope => ({
  specversion: '1.0', id: '01K9ZQ4W2M6T8N0B3C5D7E9F1G', type: `${type}.v1`, source: 's', time: `2026-11-21T14:00:0${second}Z`, subject: callId, sequence: 1, tenantid, correlationid: callId, datacontenttype: 'application/json', data: { callId, ...extra },
});
const started = (callId: string, from: string, second = 1, tenantid = 'demo'): Envelope => event('CallStarted', callId, second, { legId: LEG, direction: 'internal', from, to: '100', edgeId: 'e', rail: 'asterisk' }, tenantid);

describe('the events of the lab call', () => {
  it('are those of the call between the two, and no others', async () => {
    const events = new CallEvents({ tenant: 'demo', from: '202', to: '100' });
    const waited = events.next('CallAnswered', 5_000);
    for (const one of [started(OTHER, '203'), started(OTHER, '202', 1, 'acme'), event('CallAnswered', OURS, 2), started(OURS, '202'), started(OTHER, '202', 3), event('CallAnswered', OTHER, 4)]) events.take(one);
    expect(events.callId).toBe(OURS);
    expect((await waited).time).toBe('2026-11-21T14:00:02Z');
    expect(events.ofCall().map((one) => one.type)).toEqual(['CallStarted.v1', 'CallAnswered.v1']);
  });

  it('say what was seen instead when one does not come', async () => {
    const events = new CallEvents({ tenant: 'demo', from: '202', to: '100' });
    await expect(events.next('CallEnded', 10)).rejects.toThrow('CallEnded was not told on the bus within 0 s; seen: nothing of this call');
    events.take(started(OURS, '202'));
    await expect(events.next('CallEnded', 10)).rejects.toThrow('seen: CallStarted.v1');
  });
});
