import { AgentLeavingV1 } from './ari-gateway/agent-leaving.v1.js';
import { CALL_CONTROL } from './ari-gateway/call-control.v1.js';
import { HandoffV1 } from './ari-gateway/handoff.v1.js';
import { HangupV1 } from './ari-gateway/hangup.v1.js';
import type { CommandDefinition } from './define-command.js';
import { EdgeTrunksV1 } from './provisioning/edge-trunks.v1.js';
import { EndpointDigestV1 } from './provisioning/endpoint-digest.v1.js';
import { SnapshotV1 } from './provisioning/snapshot.v1.js';
import { AttachV1 } from './realtime-voice/attach.v1.js';
import { DetachV1 } from './realtime-voice/detach.v1.js';
import { LegOutcomeV1 } from './realtime-voice/leg-outcome.v1.js';
import { LegTakenV1 } from './realtime-voice/leg-taken.v1.js';
import { ReleaseV1 } from './realtime-voice/release.v1.js';
import { ServingV1 } from './realtime-voice/serving.v1.js';
import { SummariseV1 } from './realtime-voice/summarise.v1.js';

/** Every command that exists. */
export const COMMANDS: readonly CommandDefinition[] = [SnapshotV1, EndpointDigestV1, EdgeTrunksV1, AttachV1, DetachV1, LegTakenV1, LegOutcomeV1, SummariseV1, ReleaseV1, ServingV1, HandoffV1, HangupV1, AgentLeavingV1, ...CALL_CONTROL];
