import {
  AgentConnectedV1, CallAnsweredV1, CallEndedV1, CallQueuedV1, CallRefusedV1, CallRingingV1, CallStartedV1, CallTransferredV1, DtmfReceivedV1, QueueLeftV1,
  RecordingReadyV1, RecordingStartedV1, type EventDefinition, type EventOf,
} from '@troncal/contracts';
import type { Outbox, Tx } from '@troncal/persistence';
import type { CallFact } from './machine/call-fact.js';

const DEFINITIONS: Readonly<Record<CallFact['name'], EventDefinition>> = {
  CallStarted: CallStartedV1,
  CallRinging: CallRingingV1,
  CallAnswered: CallAnsweredV1,
  DtmfReceived: DtmfReceivedV1,
  CallQueued: CallQueuedV1,
  QueueLeft: QueueLeftV1,
  AgentConnected: AgentConnectedV1,
  CallTransferred: CallTransferredV1,
  RecordingStarted: RecordingStartedV1,
  RecordingReady: RecordingReadyV1,
  CallEnded: CallEndedV1,
};

type Refusal = typeof CallRefusedV1 extends EventDefinition<infer Data> ? Data : never;

/** The only builder of the events of calls. */
export class CallEventsPublisher {
  constructor(private readonly outbox: Outbox) {}

  /** States one fact of a call, at the time it happened. */
  state(tx: Tx, call: { readonly callId: string; readonly tenant: string }, fact: CallFact, at: Date): Promise<EventOf<unknown>> {
    const data: unknown = { callId: call.callId, ...fact.data };
    return this.outbox.emit(tx, DEFINITIONS[fact.name], { tenant: call.tenant, subject: call.callId, correlationId: call.callId, data, time: at });
  }

  /** A call that never became one. */
  refused(tx: Tx, tenant: string, data: Refusal): Promise<EventOf<unknown>> {
    return this.outbox.emit(tx, CallRefusedV1, { tenant, subject: data.callId, correlationId: data.callId, data });
  }
}
