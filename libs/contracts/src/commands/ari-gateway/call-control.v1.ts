import { z } from 'zod';
import type { ServiceName } from '../../envelope/service-name.js';
import { tenantSchema } from '../../envelope/tenant-code.js';
import {
  bridgeSchema, cancelTransferSchema, completeTransferSchema, conferenceSchema, controlFields, dtmfSchema, holdSchema, leaveConferenceSchema, parkSchema, pauseRecordingSchema,
  pickupSchema, resumeRecordingSchema, resumeSchema, saySchema, snoopSchema, stopPlaySchema, stopRecordingSchema, stopSnoopSchema,
} from '../../http/call-control.js';
import { defineCommand, type CommandDefinition } from '../define-command.js';

/** Services that may steer a call. */
const CLIENTS: readonly ServiceName[] = ['realtime-voice', 'collections-dialer'];

/** Whose call it is, and who asks: `agent` is an AI agent in the call. */
const about = { callId: z.uuid(), tenant: tenantSchema, by: z.enum(['agent', 'api']).default('api') };

const controlReplySchema = z.object({
  callId: z.uuid(),
  state: z.enum(['ringing', 'answered', 'ended']),
  at: z.string().describe('What the call is doing now.'),
  slot: z.string().optional().describe('Where it was parked.'),
  snoopId: z.string().optional(),
  recordingId: z.string().optional(),
  playbackId: z.string().optional(),
});
export type ControlReply = z.input<typeof controlReplySchema>;

/** A verb on a live call. A call in the wrong state is refused with 409 and what it is doing; of another tenant, with 404. */
function control<Shape extends z.ZodRawShape>(verb: string, body: z.ZodObject<Shape>, summary: string): CommandDefinition<z.ZodObject<typeof about & Shape>, typeof controlReplySchema> {
  const request = z.object({ ...about, ...body.shape }) as unknown as z.ZodObject<typeof about & Shape>;
  return defineCommand({ service: 'ari-gateway', verb, version: 1, clients: CLIENTS, summary, timeoutMs: 5_000, request, reply: controlReplySchema });
}

export const HoldV1 = control('hold', holdSchema, 'Puts the caller on hold.');
export const ResumeV1 = control('resume', resumeSchema, 'Ends the hold.');
export const PlayV1 = control('play', controlFields.play, 'Plays a sound or recording to everybody in the call.');
export const StopPlayV1 = control('stop-play', stopPlaySchema, 'Ends what is being played or said.');
export const SayV1 = control('say', saySchema, 'Says a text to everybody in the call.');
export const DtmfV1 = control('dtmf', dtmfSchema, 'Sends digits to one party.');
export const BridgeV1 = control('bridge', bridgeSchema, 'Puts two callers together.');
export const ConferenceV1 = control('conference', conferenceSchema, 'Has the call take part in a conference.');
export const LeaveConferenceV1 = control('leave-conference', leaveConferenceSchema, 'Takes the call out of its conference.');
export const ParkV1 = control('park', parkSchema, 'Parks the caller in a slot.');
export const PickupV1 = control('pickup', pickupSchema, 'Rings a phone that takes the parked caller.');
export const TransferV1 = control('transfer', controlFields.transfer, 'Sends the caller on.');
export const WarmTransferV1 = control('warm-transfer', controlFields.warmTransfer, 'Rings a target and speaks to it before the caller does.');
export const CompleteTransferV1 = control('complete-transfer', completeTransferSchema, 'Puts the caller and the target of a warm transfer together.');
export const CancelTransferV1 = control('cancel-transfer', cancelTransferSchema, 'Calls a warm transfer off.');
export const SnoopV1 = control('snoop', snoopSchema, 'Lets a supervisor hear the call.');
export const StopSnoopV1 = control('stop-snoop', stopSnoopSchema, 'Takes a supervisor out of the call.');
export const RecordV1 = control('record', z.object({ announce: z.boolean().default(false), channels: z.enum(['mono', 'stereo']).default('mono') }), 'Begins a recording.');
export const StopRecordV1 = control('stop-record', stopRecordingSchema, 'Ends the recording.');
export const PauseRecordV1 = control('pause-record', pauseRecordingSchema, 'Has the recording hold silence.');
export const ResumeRecordV1 = control('resume-record', resumeRecordingSchema, 'Has the recording hold sound again.');

/** All of them. */
export const CALL_CONTROL = [
  HoldV1, ResumeV1, PlayV1, StopPlayV1, SayV1, DtmfV1, BridgeV1, ConferenceV1, LeaveConferenceV1, ParkV1, PickupV1, TransferV1, WarmTransferV1, CompleteTransferV1, CancelTransferV1, SnoopV1,
  StopSnoopV1, RecordV1, StopRecordV1, PauseRecordV1, ResumeRecordV1,
] as const;
