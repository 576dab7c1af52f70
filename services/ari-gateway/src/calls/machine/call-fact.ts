import type {
  AgentConnectedV1, CallAnsweredV1, CallEndedV1, CallQueuedV1, CallRingingV1, CallStartedV1, CallTransferredV1, DtmfReceivedV1, EventDefinition, QueueLeftV1,
  RecordingReadyV1, RecordingStartedV1,
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
  | FactOf<'RecordingStarted', typeof RecordingStartedV1>
  | FactOf<'RecordingReady', typeof RecordingReadyV1>
  | FactOf<'CallEnded', typeof CallEndedV1>;
