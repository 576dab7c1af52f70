import { randomUUID } from 'node:crypto';
import { CallAnsweredV1, CallEndedV1, CallStartedV1, EndpointUpdatedV1, RecordingReadyV1, RecordingStartedV1, streamName, type EventDefinition } from '@troncal/contracts';
import { newId } from '@troncal/kernel';
import type { BusEvent, Evidence, PhoneCall } from './evidence.js';

const TENANT = 'chaos-good';
const BEGAN = Date.parse('2026-01-01T00:00:00Z');

/** Evidence of a run in which all went well: what the judge's specs, and nobody else, spoil in one place each. */
export function goodEvidence(): Evidence {
  const callId = randomUUID();
  const recordingId = newId();
  const calls = [
    event(CallStartedV1, callId, 1, { callId, from: '1000', to: '102', direction: 'internal' }),
    event(CallAnsweredV1, callId, 2, { callId }),
    event(RecordingStartedV1, callId, 3, { callId, recordingId }),
    event(CallEndedV1, callId, 4, { callId }),
    event(RecordingReadyV1, callId, 5, { callId, recordingId }),
  ];
  const declared = event(EndpointUpdatedV1, '70000', 1, { extension: '70000' });
  const bus = [...calls, declared].map((each, index) => ({ ...each, streamSequence: index + 1 }));
  return {
    tenant: TENANT,
    phones: [phone('ring 0', 'steady', '1000', '102'), phone('person of ring 0', 'person', '2000', '2000'), { ...phone('arrival 0', 'arrival', '4000', '100'), audio: null }],
    bus,
    deadLetters: 0,
    projection: [{ callId, timeline: calls.map(({ envelope }) => ({ eventId: envelope.id })) }],
    edge: { channels: [], bridges: [], recordings: [] },
    database: { unsent: { ari_gateway: 0 }, liveCalls: 0, openRecordings: 0 },
    operations: [{ kind: 'declare', key: '70000', invokedAtMs: BEGAN, completedAtMs: BEGAN + 5, outcome: 'ok', status: 201 }],
    declared: ['70000', '1000'],
    times: { faultAtMs: BEGAN, liftedAtMs: BEGAN + 60_000, convergedAtMs: BEGAN + 63_000 },
    bounds: { convergedMs: 5_000, gapMs: 60, arrivalHearsMs: 2_000 },
  };
}

const time = (second: number): string => new Date(BEGAN + second * 1_000).toISOString();

function event(definition: EventDefinition, subject: string, sequence: number, data: Record<string, unknown>): BusEvent {
  const source = definition.producers[0] ?? 'ari-gateway';
  const envelope = { specversion: '1.0', id: newId(), type: definition.type, source, time: time(sequence), subject, sequence, tenantid: TENANT, correlationid: subject, datacontenttype: 'application/json', data } as const;
  return { envelope, stream: streamName(definition.domain), streamSequence: 0 };
}

function phone(name: string, kind: PhoneCall['kind'], extension: string, dialled: string): PhoneCall {
  return {
    name, kind, extension, dialled, invitedAtMs: BEGAN, answeredAtMs: BEGAN + 40, heardAtMs: BEGAN + 900, frames: 4_000,
    ended: { by: 'local', atMs: BEGAN + 70_000, reason: 'hung up here' },
    audio: { judged: { fromMs: BEGAN, toMs: BEGAN + 60_000 }, gaps: [] },
  };
}
