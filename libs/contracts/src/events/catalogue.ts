import type { EventDefinition } from '../envelope/define-event.js';
import { CallStartedV1 } from './calls/call-started.v1.js';
import { CallRingingV1 } from './calls/call-ringing.v1.js';
import { CallAnsweredV1 } from './calls/call-answered.v1.js';
import { DtmfReceivedV1 } from './calls/dtmf-received.v1.js';
import { CallQueuedV1 } from './calls/call-queued.v1.js';
import { QueueLeftV1 } from './calls/queue-left.v1.js';
import { AgentConnectedV1 } from './calls/agent-connected.v1.js';
import { CallTransferredV1 } from './calls/call-transferred.v1.js';
import { CallHeldV1 } from './calls/call-held.v1.js';
import { CallResumedV1 } from './calls/call-resumed.v1.js';
import { CallParkedV1 } from './calls/call-parked.v1.js';
import { CallPickedUpV1 } from './calls/call-picked-up.v1.js';
import { ParkingExpiredV1 } from './calls/parking-expired.v1.js';
import { CallsBridgedV1 } from './calls/calls-bridged.v1.js';
import { ConferenceJoinedV1 } from './calls/conference-joined.v1.js';
import { ConferenceLeftV1 } from './calls/conference-left.v1.js';
import { DtmfSentV1 } from './calls/dtmf-sent.v1.js';
import { PlaybackStartedV1 } from './calls/playback-started.v1.js';
import { PlaybackFinishedV1 } from './calls/playback-finished.v1.js';
import { SnoopStartedV1 } from './calls/snoop-started.v1.js';
import { SnoopEndedV1 } from './calls/snoop-ended.v1.js';
import { RecordingPausedV1 } from './calls/recording-paused.v1.js';
import { RailErrorReportedV1 } from './calls/rail-error-reported.v1.js';
import { RecordingResumedV1 } from './calls/recording-resumed.v1.js';
import { ConsultationStartedV1 } from './calls/consultation-started.v1.js';
import { TransferFailedV1 } from './calls/transfer-failed.v1.js';
import { RecordingStartedV1 } from './calls/recording-started.v1.js';
import { RecordingReadyV1 } from './calls/recording-ready.v1.js';
import { CallEndedV1 } from './calls/call-ended.v1.js';
import { CallRefusedV1 } from './calls/call-refused.v1.js';
import { CallQualityMeasuredV1 } from './calls/call-quality-measured.v1.js';
import { ComplaintMadeV1 } from './calls/complaint-made.v1.js';
import { EndpointRegisteredV1 } from './calls/endpoint-registered.v1.js';
import { EndpointUnregisteredV1 } from './calls/endpoint-unregistered.v1.js';
import { TrunkStateChangedV1 } from './calls/trunk-state-changed.v1.js';
import { EdgeConnectedV1 } from './calls/edge-connected.v1.js';
import { EdgeLostV1 } from './calls/edge-lost.v1.js';
import { ConversationStartedV1 } from './voice/conversation-started.v1.js';
import { TurnCompletedV1 } from './voice/turn-completed.v1.js';
import { EngineChangedV1 } from './voice/engine-changed.v1.js';
import { AgentInterruptedV1 } from './voice/agent-interrupted.v1.js';
import { ToolCalledV1 } from './voice/tool-called.v1.js';
import { ToolCompletedV1 } from './voice/tool-completed.v1.js';
import { HandoffRequestedV1 } from './voice/handoff-requested.v1.js';
import { ConversationEndedV1 } from './voice/conversation-ended.v1.js';
import { TenantCreatedV1 } from './tenants/tenant-created.v1.js';
import { TenantUpdatedV1 } from './tenants/tenant-updated.v1.js';
import { TenantSuspendedV1 } from './tenants/tenant-suspended.v1.js';
import { TenantDeletedV1 } from './tenants/tenant-deleted.v1.js';
import { RouteUpdatedV1 } from './tenants/route-updated.v1.js';
import { RouteDeletedV1 } from './tenants/route-deleted.v1.js';
import { EndpointUpdatedV1 } from './tenants/endpoint-updated.v1.js';
import { CredentialRotatedV1 } from './tenants/credential-rotated.v1.js';
import { EndpointRemovedV1 } from './tenants/endpoint-removed.v1.js';
import { NumberAssignedV1 } from './tenants/number-assigned.v1.js';
import { NumberReleasedV1 } from './tenants/number-released.v1.js';
import { ProvisioningPlannedV1 } from './tenants/provisioning-planned.v1.js';
import { ProvisioningStepDoneV1 } from './tenants/provisioning-step-done.v1.js';
import { ProvisioningStepFailedV1 } from './tenants/provisioning-step-failed.v1.js';
import { ProvisioningCompletedV1 } from './tenants/provisioning-completed.v1.js';
import { EndpointProvisionedV1 } from './tenants/endpoint-provisioned.v1.js';
import { DriftDetectedV1 } from './tenants/drift-detected.v1.js';
import { DriftRepairedV1 } from './tenants/drift-repaired.v1.js';
import { EnvironmentPromotedV1 } from './tenants/environment-promoted.v1.js';
import { EdgeTrunksChangedV1 } from './tenants/edge-trunks-changed.v1.js';
import { CredentialRevealedV1 } from './tenants/credential-revealed.v1.js';
import { SpendCapReachedV1 } from './tenants/spend-cap-reached.v1.js';
import { EmergencyUnreachableV1 } from './tenants/emergency-unreachable.v1.js';
import { BundleReviewedV1 } from './tenants/bundle-reviewed.v1.js';
import { PortInChangedV1 } from './tenants/port-in-changed.v1.js';
import { UsageTriggerFiredV1 } from './tenants/usage-trigger-fired.v1.js';
import { KpiMissedV1 } from './tenants/kpi-missed.v1.js';
import { ReportReadyV1 } from './tenants/report-ready.v1.js';
import { WebhookDisabledV1 } from './tenants/webhook-disabled.v1.js';
import { TicketOpenedV1 } from './tickets/ticket-opened.v1.js';
import { DeviceSheetIssuedV1 } from './extensions/device-sheet-issued.v1.js';
import { DeviceSheetTakenV1 } from './extensions/device-sheet-taken.v1.js';

/** Every event that exists, in the order in which the catalogue shows them. Listed by hand: what is not here cannot be published. */
export const EVENTS: readonly EventDefinition[] = [
  CallStartedV1,
  CallRingingV1,
  CallAnsweredV1,
  DtmfReceivedV1,
  CallQueuedV1,
  QueueLeftV1,
  AgentConnectedV1,
  CallTransferredV1,
  CallHeldV1,
  CallResumedV1,
  CallParkedV1,
  CallPickedUpV1,
  ParkingExpiredV1,
  CallsBridgedV1,
  ConferenceJoinedV1,
  ConferenceLeftV1,
  DtmfSentV1,
  PlaybackStartedV1,
  PlaybackFinishedV1,
  SnoopStartedV1,
  SnoopEndedV1,
  ConsultationStartedV1,
  TransferFailedV1,
  RecordingStartedV1,
  RecordingPausedV1,
  RailErrorReportedV1,
  RecordingResumedV1,
  RecordingReadyV1,
  CallEndedV1,
  CallRefusedV1,
  CallQualityMeasuredV1,
  ComplaintMadeV1,
  EndpointRegisteredV1,
  EndpointUnregisteredV1,
  TrunkStateChangedV1,
  EdgeConnectedV1,
  EdgeLostV1,
  ConversationStartedV1,
  TurnCompletedV1,
  AgentInterruptedV1,
  EngineChangedV1,
  ToolCalledV1,
  ToolCompletedV1,
  HandoffRequestedV1,
  ConversationEndedV1,
  TenantCreatedV1,
  TenantUpdatedV1,
  TenantSuspendedV1,
  TenantDeletedV1,
  RouteUpdatedV1,
  RouteDeletedV1,
  EndpointUpdatedV1,
  CredentialRotatedV1,
  EndpointRemovedV1,
  NumberAssignedV1,
  NumberReleasedV1,
  ProvisioningPlannedV1,
  ProvisioningStepDoneV1,
  ProvisioningStepFailedV1,
  ProvisioningCompletedV1,
  EndpointProvisionedV1,
  DriftDetectedV1,
  DriftRepairedV1,
  EnvironmentPromotedV1,
  EdgeTrunksChangedV1,
  CredentialRevealedV1,
  SpendCapReachedV1,
  EmergencyUnreachableV1,
  BundleReviewedV1,
  PortInChangedV1,
  UsageTriggerFiredV1,
  KpiMissedV1,
  ReportReadyV1,
  WebhookDisabledV1,
  TicketOpenedV1,
  DeviceSheetIssuedV1,
  DeviceSheetTakenV1,
];
