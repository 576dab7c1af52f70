import type {
  AgentConnectedV1, CallAnsweredV1, CallEndedV1, CallHeldV1, CallParkedV1, CallPickedUpV1, CallQueuedV1, CallResumedV1, CallRingingV1, CallsBridgedV1, CallStartedV1, CallTransferredV1,
  ConferenceJoinedV1, ConferenceLeftV1, ConsultationStartedV1, DtmfReceivedV1, DtmfSentV1, EventDefinition, ParkingExpiredV1, PlaybackFinishedV1, PlaybackStartedV1, QueueLeftV1,
  RecordingPausedV1, RecordingReadyV1, RecordingResumedV1, RecordingStartedV1, SnoopEndedV1, SnoopStartedV1, TransferFailedV1,
} from '@troncal/contracts';

type DataOf<D> = D extends EventDefinition<infer TData> ? Omit<TData & object, 'callId'> : never;
type FactOf<N extends string, D> = { readonly name: N; readonly data: DataOf<D> };

/** What a step states on the bus; the publisher adds the call's id and the envelope. */
export type CallFact =
  | FactOf<'CallStarted', typeof CallStartedV1>
  | FactOf<'CallRinging', typeof CallRingingV1>
  | FactOf<'CallAnswered', typeof CallAnsweredV1>
  | FactOf<'DtmfReceived', typeof DtmfReceivedV1>
  | FactOf<'CallQueued', typeof CallQueuedV1>
  | FactOf<'QueueLeft', typeof QueueLeftV1>
  | FactOf<'AgentConnected', typeof AgentConnectedV1>
  | FactOf<'CallTransferred', typeof CallTransferredV1>
  | FactOf<'CallHeld', typeof CallHeldV1>
  | FactOf<'CallResumed', typeof CallResumedV1>
  | FactOf<'CallParked', typeof CallParkedV1>
  | FactOf<'CallPickedUp', typeof CallPickedUpV1>
  | FactOf<'ParkingExpired', typeof ParkingExpiredV1>
  | FactOf<'CallsBridged', typeof CallsBridgedV1>
  | FactOf<'ConferenceJoined', typeof ConferenceJoinedV1>
  | FactOf<'ConferenceLeft', typeof ConferenceLeftV1>
  | FactOf<'DtmfSent', typeof DtmfSentV1>
  | FactOf<'PlaybackStarted', typeof PlaybackStartedV1>
  | FactOf<'PlaybackFinished', typeof PlaybackFinishedV1>
  | FactOf<'SnoopStarted', typeof SnoopStartedV1>
  | FactOf<'SnoopEnded', typeof SnoopEndedV1>
  | FactOf<'ConsultationStarted', typeof ConsultationStartedV1>
  | FactOf<'TransferFailed', typeof TransferFailedV1>
  | FactOf<'RecordingPaused', typeof RecordingPausedV1>
  | FactOf<'RecordingResumed', typeof RecordingResumedV1>
  | FactOf<'RecordingStarted', typeof RecordingStartedV1>
  | FactOf<'RecordingReady', typeof RecordingReadyV1>
  | FactOf<'CallEnded', typeof CallEndedV1>;
