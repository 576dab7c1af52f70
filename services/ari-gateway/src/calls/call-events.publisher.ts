import {
  AgentConnectedV1, CallAnsweredV1, CallEndedV1, CallHeldV1, CallParkedV1, CallPickedUpV1, CallQualityMeasuredV1, CallQueuedV1, CallRefusedV1, CallResumedV1, CallRingingV1, CallsBridgedV1, CallStartedV1,
  CallTransferredV1, ComplaintMadeV1, ConferenceJoinedV1, ConferenceLeftV1, ConsultationStartedV1, DtmfReceivedV1, DtmfSentV1, ParkingExpiredV1, PlaybackFinishedV1, PlaybackStartedV1, QueueLeftV1,
  RecordingPausedV1, RecordingReadyV1, RecordingResumedV1, RecordingStartedV1, SnoopEndedV1, SnoopStartedV1, TransferFailedV1, type DataOf, type EventDefinition, type EventOf,
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
  CallHeld: CallHeldV1,
  CallResumed: CallResumedV1,
  CallParked: CallParkedV1,
  CallPickedUp: CallPickedUpV1,
  ParkingExpired: ParkingExpiredV1,
  CallsBridged: CallsBridgedV1,
  ConferenceJoined: ConferenceJoinedV1,
  ConferenceLeft: ConferenceLeftV1,
  DtmfSent: DtmfSentV1,
  PlaybackStarted: PlaybackStartedV1,
  PlaybackFinished: PlaybackFinishedV1,
  SnoopStarted: SnoopStartedV1,
  SnoopEnded: SnoopEndedV1,
  ConsultationStarted: ConsultationStartedV1,
  TransferFailed: TransferFailedV1,
  RecordingPaused: RecordingPausedV1,
  RecordingResumed: RecordingResumedV1,
  RecordingStarted: RecordingStartedV1,
  RecordingReady: RecordingReadyV1,
  CallEnded: CallEndedV1,
};

/** The only builder of the events of calls. */
export class CallEventsPublisher {
  constructor(private readonly outbox: Outbox) {}

  /** States one fact of a call, at the time it happened. */
  state(tx: Tx, call: { readonly callId: string; readonly tenant: string }, fact: CallFact, at: Date): Promise<EventOf<unknown>> {
    const data: unknown = { callId: call.callId, ...fact.data };
    return this.outbox.emit(tx, DEFINITIONS[fact.name], { tenant: call.tenant, subject: call.callId, correlationId: call.callId, data, time: at });
  }

  /** How the audio of a leg was. */
  measured(tx: Tx, tenant: string, data: DataOf<typeof CallQualityMeasuredV1>): Promise<EventOf<unknown>> {
    return this.outbox.emit(tx, CallQualityMeasuredV1, { tenant, subject: data.callId, correlationId: data.callId, data });
  }

  /** Somebody complains of a call. */
  complained(tx: Tx, tenant: string, data: DataOf<typeof ComplaintMadeV1>): Promise<EventOf<unknown>> {
    return this.outbox.emit(tx, ComplaintMadeV1, { tenant, subject: data.complaintId, correlationId: data.callId, data });
  }

  /** A call that never became one. */
  refused(tx: Tx, tenant: string, data: DataOf<typeof CallRefusedV1>): Promise<EventOf<unknown>> {
    return this.outbox.emit(tx, CallRefusedV1, { tenant, subject: data.callId, correlationId: data.callId, data });
  }
}
