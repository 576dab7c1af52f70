import type {
  AgentConnectedV1, CallAnsweredV1, CallEndedV1, CallQualityMeasuredV1, CallQueuedV1, CallRefusedV1, CallRingingV1, CallStartedV1, CallTransferredV1, DataOf, DtmfReceivedV1, QueueLeftV1, RecordingReadyV1,
  RecordingStartedV1,
} from '@troncal/contracts';

interface EventOf<N extends string, D> {
  readonly name: N;
  readonly data: Omit<DataOf<D> & object, 'callId'>;
}

/** What the facts of a call amount to. The publisher adds the call's id and the envelope. */
export type RailEventBody =
  | EventOf<'CallStarted', typeof CallStartedV1>
  | EventOf<'CallRefused', typeof CallRefusedV1>
  | EventOf<'CallAnswered', typeof CallAnsweredV1>
  | EventOf<'DtmfReceived', typeof DtmfReceivedV1>
  | EventOf<'CallRinging', typeof CallRingingV1>
  | EventOf<'AgentConnected', typeof AgentConnectedV1>
  | EventOf<'CallQueued', typeof CallQueuedV1>
  | EventOf<'QueueLeft', typeof QueueLeftV1>
  | EventOf<'CallTransferred', typeof CallTransferredV1>
  | EventOf<'RecordingStarted', typeof RecordingStartedV1>
  | EventOf<'RecordingReady', typeof RecordingReadyV1>
  | EventOf<'CallQualityMeasured', typeof CallQualityMeasuredV1>
  | EventOf<'CallEnded', typeof CallEndedV1>;

/** One event of a call: with the same key it is the same event, and is stated once. */
export type RailEvent = RailEventBody & {
  readonly key: string;
  /** When it happened, ms. */
  readonly at: number;
};
