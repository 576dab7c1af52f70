import { Injectable } from '@nestjs/common';
import {
  AgentConnectedV1, CallAnsweredV1, CallEndedV1, CallQualityMeasuredV1, CallQueuedV1, CallRefusedV1, CallRingingV1, CallStartedV1, CallTransferredV1, DtmfReceivedV1, QueueLeftV1, RecordingReadyV1, RecordingStartedV1,
  type EventDefinition,
} from '@troncal/contracts';
import { Outbox, type Tx } from '@troncal/persistence';
import type { RailEvent } from './rail-event.js';

const DEFINITIONS: Readonly<Record<RailEvent['name'], EventDefinition>> = {
  CallStarted: CallStartedV1,
  CallRefused: CallRefusedV1,
  CallAnswered: CallAnsweredV1,
  DtmfReceived: DtmfReceivedV1,
  CallRinging: CallRingingV1,
  AgentConnected: AgentConnectedV1,
  CallQueued: CallQueuedV1,
  QueueLeft: QueueLeftV1,
  CallTransferred: CallTransferredV1,
  RecordingStarted: RecordingStartedV1,
  RecordingReady: RecordingReadyV1,
  CallQualityMeasured: CallQualityMeasuredV1,
  CallEnded: CallEndedV1,
};

/** The only builder of the events of calls on Twilio's rail. */
@Injectable()
export class RailCallsPublisher {
  constructor(private readonly outbox: Outbox) {}

  /** States one event of a call, at the time it happened. */
  async state(tx: Tx, call: { readonly callId: string; readonly tenant: string }, event: RailEvent): Promise<void> {
    const data: unknown = { callId: call.callId, ...event.data };
    await this.outbox.emit(tx, DEFINITIONS[event.name], { tenant: call.tenant, subject: call.callId, correlationId: call.callId, data, time: new Date(event.at) });
  }
}
