import { randomUUID } from 'node:crypto';
import { CallAnsweredV1, CallEndedV1, CallStartedV1, QueueLeftV1, type Envelope, type EventDefinition } from '@troncal/contracts';
import { newId } from '@troncal/kernel';
import { PRIOR_HEADER, type OutgoingEvent } from '@troncal/persistence';

/** A call that is only told of: five facts of it, as ari-gateway's outbox would send them. */
export interface ToldCall {
  readonly callId: string;
  readonly events: readonly OutgoingEvent[];
}

/** The caller's number by place, so that two tenants with the same calls have the same state. */
export const toldCaller = (index: number): string => `+562255${String(index).padStart(5, '0')}`;

/** Tells of a caller who waited in two queues in vain. The order matters: the ticket is opened by the first of the two. */
export function toldCall(tenant: string, index: number, began = new Date()): ToldCall {
  const callId = randomUUID();
  const from = toldCaller(index);
  const facts: readonly (readonly [EventDefinition, Record<string, unknown>])[] = [
    [CallStartedV1, { ...example(CallStartedV1), from, route: undefined }],
    [CallAnsweredV1, example(CallAnsweredV1)],
    [QueueLeftV1, { ...example(QueueLeftV1), from, outcome: 'timeout', waitedMs: 1_000 + index }],
    [QueueLeftV1, { ...example(QueueLeftV1), from, outcome: 'no_members', waitedMs: 2_000 + index }],
    [CallEndedV1, { ...example(CallEndedV1), from, disposition: 'abandoned', durationMs: 5_000 + index, answeredMs: 4_000 + index }],
  ];
  const latest: Record<string, number> = {};
  const events = facts.map(([definition, data], place): OutgoingEvent => {
    const prior = JSON.stringify(latest);
    latest[definition.type] = place + 1;
    const envelope: Envelope = {
      specversion: '1.0', id: newId(), type: definition.type, source: 'ari-gateway', time: began.toISOString(), subject: callId, sequence: place + 1, tenantid: tenant, correlationid: callId,
      datacontenttype: 'application/json', data: definition.encode({ ...data, callId }),
    };
    return { id: envelope.id, subject: definition.subjectFor(tenant), payload: JSON.stringify(envelope), headers: { [PRIOR_HEADER]: prior } };
  });
  return { callId, events };
}

const example = (definition: EventDefinition): Record<string, unknown> => definition.example as Record<string, unknown>;
