import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  AgentConnectedV1, CallAnsweredV1, CallEndedV1, CallQualityMeasuredV1, CallQueuedV1, CallRefusedV1, CallRingingV1, CallStartedV1, ComplaintMadeV1, DtmfReceivedV1, QueueLeftV1, RecordingReadyV1, RecordingStartedV1,
  type CallView, type CallWithTimeline, type ComplaintView,
} from '@troncal/contracts';
import { newCallId, newLegId } from '@troncal/kernel';
import { createEdgeDatabase, eventually, EventSource, sharedPostgres, startUnderTest, type ServiceUnderTest } from '@troncal/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startService } from '../index.js';

describe('calls on Twilio’s rail', () => {
  const folder = mkdtempSync(join(tmpdir(), 'troncal-rail-'));
  let under: ServiceUnderTest;
  let provisioning: EventSource;
  beforeAll(async () => {
    const database = await createEdgeDatabase(await sharedPostgres());
    under = await startUnderTest('ari-gateway', startService, {
      tenants: ['demo', 'other'],
      env: {
        LEFT_OUT: 'asterisk', EDGE_ID: 'edge-1', ARI_URL: 'http://127.0.0.1:9', ARI_USER: 'a', ARI_PASSWORD: 'a', AMI_PORT: '9', AMI_USER: 'a', AMI_PASSWORD: 'a', RECORDINGS_DIR: folder, SOUNDS_DIR: folder, JOURNAL_DIR: folder,
        DATABASE_URL: database.appUrl, DATABASE_OWNER_URL: database.ownerUrl,
      },
    });
    provisioning = await EventSource.open(under.nats, 'provisioning');
  });
  afterAll(async () => {
    await provisioning?.close();
    await under?.stop();
    rmSync(folder, { recursive: true, force: true });
  });

  const began = Date.parse('2026-11-30T12:00:00.000Z');
  const PARTIES = { from: '+56225550101', to: '+56229145248', direction: 'inbound' as const };

  /** States a fact of a call, so many seconds after its beginning. */
  function about(callId: string): <D extends Parameters<EventSource['publish']>[0]>(definition: D, data: object, seconds: number) => Promise<unknown> {
    return (definition, data, seconds) => provisioning.publish(definition, { tenant: 'demo', subject: callId, data: { callId, ...data }, time: new Date(began + seconds * 1_000) });
  }
  const shown = (callId: string): Promise<CallWithTimeline> => under.api.expect<CallWithTimeline>('GET', `/api/calls/${callId}`);
  const shows = (callId: string, what: string, fits: (call: CallWithTimeline) => boolean): Promise<CallWithTimeline> =>
    eventually(what, async () => {
      const { status, body } = await under.api.send<CallWithTimeline>('GET', `/api/calls/${callId}`);
      return status === 200 && fits(body) && body;
    });

  async function begin(callId: string): Promise<ReturnType<typeof about>> {
    const tell = about(callId);
    await tell(CallStartedV1, { legId: newLegId(), ...PARTIES, edgeId: 'twilio', rail: 'twilio', route: { code: 'main', revision: 3 } }, 0);
    await tell(CallAnsweredV1, { legId: newLegId(), by: 'route', answeredBy: 'main' }, 1);
    return tell;
  }

  it('are listed and shown as they happen, with their timeline, and are over in the end', async () => {
    const [callId, legId] = [newCallId(), newLegId()];
    const tell = await begin(callId);
    await tell(DtmfReceivedV1, { legId, digit: '1', masked: false }, 4);
    await tell(CallRingingV1, { legId, target: '201' }, 5);
    expect(await shows(callId, 'the phone rings', (call) => call.legs.length === 2)).toMatchObject({
      tenant: 'demo', ...PARTIES, rail: 'twilio', edgeId: 'twilio', state: 'answered', route: { code: 'main', revision: 3 }, legs: [{ kind: 'caller', state: 'up' }, { legId, kind: 'endpoint', target: '201', state: 'ringing' }],
    });
    expect(await under.apiOf('demo').expect<{ calls: CallView[] }>('GET', '/api/calls?live')).toMatchObject({ calls: [{ callId, rail: 'twilio' }] });
    expect(await under.apiOf('other').send('GET', `/api/calls/${callId}`)).toMatchObject({ status: 404 });
    await tell(AgentConnectedV1, { legId, extension: '201', waitedMs: 3_000 }, 8);
    await tell(RecordingStartedV1, { recordingId: 'RE1', announced: true, channels: 'stereo' }, 8);
    await shows(callId, 'they talk', (call) => call.at === 'talking' && call.recordings[0]?.state === 'recording');
    await tell(CallEndedV1, { ...PARTIES, disposition: 'answered', endedBy: 'far_end', cause: 16, durationMs: 60_000, answeredMs: 59_000 }, 60);
    await tell(RecordingReadyV1, { recordingId: 'RE1', durationMs: 52_000, bytes: 1, format: 'wav', channels: 'stereo', location: 'https://api.twilio.com/RE1' }, 70);
    const over = await shows(callId, 'the recording is ready', (call) => call.recordings[0]?.state === 'ready');
    expect(over).toMatchObject({
      state: 'ended', at: 'ended', disposition: 'answered', cause: 16, startedAt: '2026-11-30T12:00:00.000Z', answeredAt: '2026-11-30T12:00:01.000Z', endedAt: '2026-11-30T12:01:00.000Z',
      legs: [{ state: 'ended' }, { state: 'ended' }], recordings: [{ recordingId: 'RE1', channels: 'stereo', durationMs: 52_000, location: 'https://api.twilio.com/RE1' }],
    });
    expect(over.timeline.map(({ type, source }) => `${type} ${source}`)).toEqual(
      ['CallStarted', 'CallAnswered', 'DtmfReceived', 'CallRinging', 'AgentConnected', 'RecordingStarted', 'CallEnded', 'RecordingReady'].map((name) => `${name}.v1 provisioning`),
    );
  });

  it('are shown the same when their events come again', async () => {
    const callId = newCallId();
    const tell = await begin(callId);
    await tell(CallQueuedV1, { queue: 'people', reason: 'digit' }, 3);
    await tell(QueueLeftV1, { queue: 'people', outcome: 'timeout', waitedMs: 20_000, from: PARTIES.from }, 23);
    const before = await shows(callId, 'it has left the queue', (call) => call.timeline.length === 4 && call.at === 'route');
    await provisioning.repeatAll();
    const probe = newCallId();
    await begin(probe);
    await shows(probe, 'a later call is shown', (call) => call.state === 'answered');
    expect(await shown(callId)).toEqual(before);
  });

  it('are in no gateway’s hands: whatever changes a call is refused, and says why', async () => {
    const callId = newCallId();
    await begin(callId);
    await shows(callId, 'it is answered', (call) => call.state === 'answered');
    for (const [verb, body] of [['hangup', {}], ['hold', {}], ['park', {}], ['transfer', { extension: '201' }], ['dtmf', { digits: '1' }], ['recording', {}]] as const) {
      const refused = await under.api.send<{ detail: string }>('POST', `/api/calls/${callId}/${verb}`, body);
      expect([verb, refused.status, refused.body]).toMatchObject([verb, 409, { code: 'call_on_twilio', detail: expect.stringContaining('Twilio’s rail') as string }]);
    }
    // Nothing takes it for a call of an edge, or ends it, when the gateway comes back.
    await under.restart();
    expect(await shown(callId)).toMatchObject({ state: 'answered', rail: 'twilio' });
    expect(under.events.some(({ envelope }) => envelope.subject === callId && envelope.source === 'ari-gateway')).toBe(false);
  });

  it('and how they sounded: what Twilio measured, and what people complain of, by a key of their tenant', async () => {
    const [callId, legId] = [newCallId(), newLegId()];
    const tell = await begin(callId);
    await tell(CallEndedV1, { ...PARTIES, disposition: 'answered', endedBy: 'far_end', cause: 16, durationMs: 60_000, answeredMs: 59_000 }, 60);
    await tell(CallQualityMeasuredV1, { legId, measuredBy: 'twilio_voice_insights', received: { packets: 100, lost: 1, jitterMs: 2 }, mos: 4.1 }, 1_900);
    await shows(callId, 'it is measured', (call) => call.timeline.some(({ type }) => type === 'CallQualityMeasured.v1'));
    expect(await under.apiOf('other').send('POST', `/api/calls/${callId}/complaints`, { kind: 'echo' })).toMatchObject({ status: 404 });
    expect(await under.apiOf('demo').send('POST', `/api/calls/${callId}/complaints`, { kind: 'boring', loud: true })).toMatchObject({ status: 422 });
    const made = await under.apiOf('demo').expect<ComplaintView>('POST', `/api/calls/${callId}/complaints`, { kind: 'one-way', note: ' I heard nothing. ' });
    expect(made).toMatchObject({ callId, tenant: 'demo', kind: 'one-way', note: 'I heard nothing.' });
    const told = await under.seen(ComplaintMadeV1, ({ subject }) => subject === made.complaintId);
    expect(told).toMatchObject({ tenantid: 'demo', correlationid: callId, data: { kind: 'one-way', rail: 'twilio', callStartedAt: '2026-11-30T12:00:00.000Z' } });
    expect((await shown(callId)).timeline.at(-1)).toMatchObject({ type: 'ComplaintMade.v1', data: { note: 'I heard nothing.' } });
  });

  it('that were refused are in the timeline alone', async () => {
    const callId = newCallId();
    await about(callId)(CallRefusedV1, { ...PARTIES, direction: 'outbound', reason: 'not_allowed', cause: 21, detail: 'Premium numbers are not called.', denial: 'premium' }, 0);
    const probe = newCallId();
    await begin(probe);
    await shows(probe, 'a later call is shown', (call) => call.state === 'answered');
    expect(await under.api.send('GET', `/api/calls/${callId}`)).toMatchObject({ status: 404 });
  });

  it('are those that provisioning tells of: the gateway’s own events make none', async () => {
    const callId = newCallId();
    const gateway = await EventSource.open(under.nats, 'ari-gateway');
    await gateway.publish(CallStartedV1, { tenant: 'demo', subject: callId, data: { callId, legId: newLegId(), ...PARTIES, edgeId: 'edge-1', rail: 'asterisk' } });
    await gateway.close();
    const probe = newCallId();
    await begin(probe);
    await shows(probe, 'a later call is shown', (call) => call.state === 'answered');
    expect(await under.api.send('GET', `/api/calls/${callId}`)).toMatchObject({ status: 404 });
  });

  it('leave no room for an edge of that name', async () => {
    expect(await under.api.send('PUT', '/api/edges/twilio', { ari: { url: 'http://10.0.0.5:8088' } })).toMatchObject({ status: 422 });
  });
});
