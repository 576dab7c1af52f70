import { RailErrorReportedV1 } from '@troncal/contracts';
import { eventually } from '@troncal/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { callOf, newCallSid } from '../../../test/support/twilio-asks.js';
import { communityOf, DOMAIN, routeOf, startVoice, type VoiceUnderTest } from '../../../test/support/voice-under-test.js';
import { callIdOf } from '../call-id.js';

const NUMBER = '+56229145248';
const CALLER = '+56912345678';

let voice: VoiceUnderTest;
beforeAll(async () => {
  voice = await startVoice();
  const route = routeOf({
    name: 'Recorded', recording: { enabled: true }, start: 'people', nodes: { people: { kind: 'queue', queue: 'office', timeoutMs: 60_000, onTimeout: 'bye' }, bye: { kind: 'hangup' } },
  });
  await voice.declare({ tenants: [communityOf(), communityOf({ tenant: 'with_queue', numbers: [{ e164: '+56229145300', route: 'main' }], routes: [{ code: 'main', revision: 1, route }] })] });
});
afterAll(() => voice?.stop());

const tell = async (address: string, parameters: Record<string, string>): Promise<void> => {
  const { status, body } = await voice.twilio.post(address, parameters);
  if (status !== 204 || body !== '') throw new Error(`answered ${status}: ${body}`);
};

/** A call that rings the office; gives the address that hears of the leg. */
async function ringing(): Promise<{ readonly sid: string; readonly leg: string; readonly told: string; readonly recording: string }> {
  const sid = newCallSid();
  const call = (more: Record<string, string> = {}): Record<string, string> => callOf(CALLER, '+56229145300', sid, more);
  const [dial] = (await voice.twilio.post('/twilio/voice/number', call())).verbs;
  return { sid, leg: newCallSid(), told: dial?.children[0]?.attributes['statusCallback'] ?? '', recording: dial?.attributes['recordingStatusCallback'] ?? '' };
}

describe('a call’s status', () => {
  it('is a fact of the tenant whose number was called, by Twilio’s own time', async () => {
    const sid = newCallSid();
    await tell('/twilio/status', callOf(CALLER, NUMBER, sid, { CallStatus: 'completed', CallDuration: '42', SequenceNumber: '3', Timestamp: 'Mon, 30 Nov 2026 14:00:00 +0000' }));
    expect(voice.facts.of(sid)).toEqual([
      { kind: 'status', key: 'status:completed', callSid: sid, environment: 'prod', tenant: 'oficina_principal', at: '2026-11-30T14:00:00.000Z', status: 'completed', durationS: 42, sequenceNumber: 3, from: CALLER, to: NUMBER },
    ]);
  });

  it('is a fact of the tenant whose phone has called', async () => {
    const [byUser, byFrom, nobody] = [newCallSid(), newCallSid(), newCallSid()];
    await tell('/twilio/status', callOf('sip:x@y', 'sip:1@z', byUser, { CallStatus: 'completed', SipUsername: `${NUMBER}-office`, SipDomain: DOMAIN }));
    await tell('/twilio/status', callOf(`sip:%2B56229145248-office@${DOMAIN}`, 'sip:1@z', byFrom, { CallStatus: 'completed' }));
    await tell('/twilio/status', callOf('sip:x@y', 'sip:1@z', nobody, { CallStatus: 'completed' }));
    expect([byUser, byFrom, nobody].map((sid) => voice.facts.of(sid)[0]?.tenant)).toEqual(['oficina_principal', 'oficina_principal', '_']);
  });

  it.each<Record<string, string>>([{}, { CallStatus: 'dancing' }, { CallStatus: '' }])('is nothing, and no error, as in %j', async (more) => {
    const sid = newCallSid();
    await tell('/twilio/status', { CallSid: sid, ...more });
    await tell('/twilio/status', { CallSid: 'x', ...more });
    expect(voice.facts.of(sid)).toEqual([]);
  });
});

describe('a leg’s status', () => {
  it('tells of ringing and of who has answered, for whom a caller has waited, in whatever order and however often it comes', async () => {
    const { sid, leg, told } = await ringing();
    const now = new Date().toUTCString();
    for (const [status, more] of [['completed', { CallDuration: '9' }], ['in-progress', {}], ['ringing', {}], ['initiated', {}], ['ringing', {}], ['in-progress', {}]] as const)
      await tell(told, { CallSid: leg, ParentCallSid: sid, CallStatus: status, Timestamp: now, ...more });
    expect(voice.facts.kind(sid, 'ringing')).toMatchObject([{ legSid: leg, target: '101' }]);
    expect(voice.facts.kind(sid, 'person-connected')).toMatchObject([{ legSid: leg, extension: '101', queue: 'office' }]);
    expect(voice.facts.kind(sid, 'queue-left')).toMatchObject([{ queue: 'office', outcome: 'connected' }]);
    expect(voice.facts.kind(sid, 'answered')).toMatchObject([{ by: 'endpoint', answeredBy: '101' }]);
    expect(voice.facts.kind(sid, 'leg-status').map(({ status }) => status).toSorted()).toEqual(['completed', 'in-progress', 'initiated', 'ringing']);
    expect(voice.facts.of(sid).every(({ tenant }) => tenant === 'with_queue')).toBe(true);
  });

  it('settles what was reserved for it', async () => {
    voice.desk.answer = () => ({ allowed: true, decisionId: 'd', target: { kind: 'number', to: '+56987654321', callerId: NUMBER, timeLimitS: 60, reservationId: 'r1' } });
    const sid = newCallSid();
    const [dial] = (await voice.twilio.post('/twilio/voice/phone', callOf('sip:x@y', `sip:1@${DOMAIN}`, sid, { SipUsername: `${NUMBER}-office`, SipDomain: DOMAIN }))).verbs;
    const told = dial?.children[0]?.attributes['statusCallback'] ?? '';
    await tell(told, { CallSid: newCallSid(), CallStatus: 'in-progress' });
    expect(voice.desk.settled).toEqual([]);
    await tell(told, { CallSid: newCallSid(), CallStatus: 'completed', CallDuration: '33' });
    await eventually('it is settled', () => voice.desk.settled.length > 0);
    expect(voice.desk.settled).toEqual([{ reservationId: 'r1', billedS: 33 }]);
    expect(voice.facts.kind(sid, 'answered')).toMatchObject([{ by: 'far_end', answeredBy: '+56987654321' }]);
  });

  it.each(['', '?environment=prod', '?environment=dev&tenant=x&call=y'])('is nothing, and no error, for the address %j', async (query) => {
    const before = voice.facts.all.length;
    await tell(`/twilio/status/leg${query}`, { CallSid: newCallSid(), CallStatus: 'ringing' });
    expect(voice.facts.all).toHaveLength(before);
  });
});

describe('a recording', () => {
  it('is begun and ready, once each', async () => {
    const { sid, recording } = await ringing();
    const about = { CallSid: sid, RecordingSid: `RE${'1'.repeat(32)}`, RecordingChannels: '2' };
    for (const status of ['in-progress', 'in-progress']) await tell(recording, { ...about, RecordingStatus: status });
    await tell(recording, { ...about, RecordingStatus: 'completed', RecordingDuration: '12', RecordingUrl: 'https://api.twilio.com/x' });
    expect(voice.facts.kind(sid, 'recording-started')).toMatchObject([{ announced: false, channels: 'stereo', tenant: 'with_queue' }]);
    expect(voice.facts.kind(sid, 'recording-ready')).toMatchObject([{ durationS: 12, url: 'https://api.twilio.com/x', channels: 'stereo' }]);
  });

  it('of which there is nothing is none', async () => {
    const { sid, recording } = await ringing();
    await tell(recording, { CallSid: sid, RecordingSid: `RE${'2'.repeat(32)}`, RecordingStatus: 'absent' });
    expect(voice.facts.kind(sid, 'recording-started')).toEqual([]);
  });
});

describe('Twilio’s errors', () => {
  const payload = (sid: string, parameters: Record<string, string>): string =>
    JSON.stringify({ resource_sid: sid, service_sid: null, error_code: '32009', more_info: { Msg: 'not registered' }, webhook: { type: 'application/json', request: { url: 'https://voice.example.com/twilio/voice/number', method: 'POST', headers: {}, parameters } } });

  it('become events of the tenant and the call, by the debugger’s webhook', async () => {
    const sid = newCallSid();
    const Sid = `NO${'1'.repeat(32)}`;
    await tell('/twilio/errors', { AccountSid: 'AC0', Sid, Level: 'ERROR', Timestamp: '2026-11-30T14:00:00.000Z', PayloadType: 'application/json', Payload: payload(sid, callOf(CALLER, NUMBER, sid)) });
    const event = await voice.service.seen(RailErrorReportedV1, ({ data }) => data.errorId === Sid);
    expect(event.tenantid).toBe('oficina_principal');
    expect(event.data).toEqual({ rail: 'twilio', environment: 'prod', errorId: Sid, code: '32009', level: 'error', message: 'not registered', callId: callIdOf(sid), resourceId: sid, at: '2026-11-30T14:00:00.000Z' });
  });

  it('become events by event streams too, what else comes in those being passed over', async () => {
    const sid = newCallSid();
    const id = `EZ${'1'.repeat(32)}`;
    const { status } = await voice.twilio.postJson('/twilio/errors', JSON.stringify([
      { specversion: '1.0', id: `EZ${'0'.repeat(32)}`, type: 'com.twilio.voice.insights.call-summary.complete', data: {} },
      { specversion: '1.0', id, type: 'com.twilio.error-logs.error.logged', time: '2026-11-30T14:00:01.000Z', data: { resource_sid: sid, error_code: 11_200, level: 'WARNING', webhook: { request: { parameters: new URLSearchParams(callOf(CALLER, NUMBER, sid)).toString() } } } },
    ]));
    expect(status).toBe(204);
    const event = await voice.service.seen(RailErrorReportedV1, ({ data }) => data.errorId === id);
    expect([event.tenantid, event.data.code, event.data.level, event.data.callId]).toEqual(['oficina_principal', '11200', 'warning', callIdOf(sid)]);
  });

  it.each(['', 'null', '[]', '{', '[{"id":1}]', '[{"id":"x","type":"com.twilio.error-logs.error.logged"}]'])('are nothing, and no error, as in %j', async (body) => {
    expect((await voice.twilio.postJson('/twilio/errors', body)).status).toBe(204);
    await tell('/twilio/errors', { Sid: '', Payload: body });
  });
});
