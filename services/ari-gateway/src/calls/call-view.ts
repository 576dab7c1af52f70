import type { CallView } from '@troncal/contracts';
import { knownAs, whereabouts, type Call } from './call.js';

const time = (at: number): string => new Date(at).toISOString();

/** A call as the API shows it. */
export function callView(call: Call): CallView {
  return {
    callId: knownAs(call), tenant: call.tenant, direction: call.direction, from: call.from, to: call.to, state: call.state, at: whereabouts(call),
    route: call.routeRef, edgeId: call.edgeId, rail: call.twilio || call.carries ? 'twilio' : 'asterisk', startedAt: time(call.startedAt),
    answeredAt: call.answeredAt === null ? null : time(call.answeredAt),
    endedAt: call.endedAt === null ? null : time(call.endedAt),
    disposition: call.disposition, cause: call.cause,
    legs: call.legs.map(({ legId, kind, target, state }) => ({ legId, kind, target, state })),
    recordings: call.recordings.map(({ recordingId, state, channels = 'mono', pausedAt = null, durationMs, location = `/api/recordings/${recordingId}/audio`, voicemail }) => ({
      recordingId, state, channels, paused: state === 'recording' && pausedAt !== null, durationMs, location, purpose: voicemail ? 'voicemail' : 'call', mailbox: voicemail?.mailbox ?? null,
    })),
    held: call.held !== null,
    parked: call.parked && { slot: call.parked.slot, until: time(call.parked.until), returnTo: call.parked.returnTo },
    conference: call.conference?.name ?? null,
    consulting: call.consult && { kind: call.consult.kind, target: call.consult.target, state: call.consult.talking ? 'talking' : 'ringing' },
    playing: call.playback?.playbackId ?? null,
    snoops: call.snoops.map(({ snoopId, mode, party, extension, since }) => ({ snoopId, mode, party, extension, state: since === null ? 'ringing' : 'listening' })),
  };
}
