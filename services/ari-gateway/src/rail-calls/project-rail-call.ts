import {
  AgentConnectedV1, CallAnsweredV1, CallEndedV1, CallQualityMeasuredV1, CallQueuedV1, CallRefusedV1, CallRingingV1, CallStartedV1, CallTransferredV1, DtmfReceivedV1, QueueLeftV1, RecordingReadyV1, RecordingStartedV1,
  TWILIO_EDGE, type EventOf, type Route,
} from '@troncal/contracts';
import { isEvent, type ConsumedEvent } from '@troncal/messaging';
import { NO_CONTROL, type Call, type CallRecording, type Leg } from '../calls/call.js';

/** What provisioning tells of calls on Twilio's rail. */
export const RAIL_EVENTS = [
  CallStartedV1, CallRefusedV1, CallAnsweredV1, DtmfReceivedV1, CallRingingV1, AgentConnectedV1, CallQueuedV1, QueueLeftV1, CallTransferredV1, RecordingStartedV1, RecordingReadyV1, CallQualityMeasuredV1, CallEndedV1,
] as const;
export type RailEvent = ConsumedEvent<(typeof RAIL_EVENTS)[number]>;

/** Whether it is one of those that change how such a call is shown. */
export function isRailEvent(event: EventOf<unknown>): event is RailEvent {
  return RAIL_EVENTS.some((definition) => isEvent<unknown>(definition, event));
}

/** Its own route is provisioning's; nobody walks this one. */
const NO_ROUTE: Route = { name: 'Twilio', language: 'es', recording: { enabled: false }, start: 'elsewhere', nodes: {} };

/** A call on Twilio's rail after an event of it, as it is shown; undefined when the event makes or changes none. */
export function projectRailCall(before: Call | undefined, event: RailEvent): Call | undefined {
  const at = Date.parse(event.time);
  const call = before ?? begun(event, at);
  if (!call) return undefined;
  // The next version whatever was missed: an event that was given up must not hold up those after it.
  const next = (changes: Partial<Call>): Call => ({ ...call, version: Math.max(call.version + 1, event.sequence), ...changes });
  if (isEvent(CallStartedV1, event)) return before ? undefined : next({});
  if (isEvent(CallAnsweredV1, event)) {
    return next({ state: 'answered', answeredAt: at, twilio: { at: event.data.by === 'route' ? 'route' : 'talking' }, legs: call.legs.map((leg, index) => (index === 0 ? { ...leg, state: 'up', upAt: at } : leg)) });
  }
  if (isEvent(CallRingingV1, event)) {
    const { legId, target } = event.data;
    const leg: Leg = { legId, channelId: legId, kind: target.startsWith('+') ? 'trunk' : 'endpoint', target, state: 'ringing' };
    return next({ twilio: { at: 'ringing' }, legs: [...call.legs.filter((other) => other.legId !== legId), leg] });
  }
  if (isEvent(AgentConnectedV1, event)) {
    const { legId } = event.data;
    return next({ twilio: { at: 'talking' }, legs: call.legs.map((leg) => (leg.legId === legId ? { ...leg, state: 'up', upAt: at } : leg)) });
  }
  if (isEvent(CallQueuedV1, event)) return next({ twilio: { at: `queue ${event.data.queue}` } });
  if (isEvent(QueueLeftV1, event)) return next({ twilio: { at: event.data.outcome === 'connected' ? 'talking' : 'route' } });
  if (isEvent(RecordingStartedV1, event)) return next({ recordings: withRecording(call, { recordingId: event.data.recordingId, announced: event.data.announced, channels: event.data.channels ?? 'mono' }) });
  if (isEvent(RecordingReadyV1, event)) {
    const { recordingId, durationMs, bytes, location, channels } = event.data;
    return next({ recordings: withRecording(call, { recordingId, state: 'ready', durationMs, bytes, location, ...(channels && { channels }) }) });
  }
  if (isEvent(CallEndedV1, event)) {
    const { disposition, cause } = event.data;
    return next({ state: 'ended', endedAt: at, disposition, cause, legs: call.legs.map((leg) => ({ ...leg, state: 'ended' })) });
  }
  return undefined;
}

/** The call that its first event tells of, or its last when the others were given up. */
function begun(event: RailEvent, at: number): Call | undefined {
  if (isEvent(CallStartedV1, event)) {
    const { legId, from, to, direction, route } = event.data;
    return { ...blank(event, { from, to, direction }, at), routeRef: route ?? null, legs: [{ legId, channelId: legId, kind: 'caller', target: from, state: 'created' }] };
  }
  if (isEvent(CallEndedV1, event)) return blank(event, event.data, at - event.data.durationMs);
  return undefined;
}

function blank(event: RailEvent, { from, to, direction }: Pick<Call, 'from' | 'to' | 'direction'>, startedAt: number): Call {
  return {
    ...NO_CONTROL, callId: event.data.callId, version: 0, tenant: event.tenantid, direction, from, to, edgeId: TWILIO_EDGE, language: 'es', routeRef: null, route: NO_ROUTE, flow: null, state: 'ringing', legs: [],
    recordings: [], dials: {}, ringNext: [], waiting: null, agentPart: null, leftAgent: null, summary: null, lastCause: 16, variables: {}, startedAt, answeredAt: null, endedAt: null, disposition: null, cause: null,
    twilio: { at: 'ringing' },
  };
}

function withRecording(call: Call, changes: Partial<CallRecording> & Pick<CallRecording, 'recordingId'>): CallRecording[] {
  const before = call.recordings.find(({ recordingId }) => recordingId === changes.recordingId);
  const recording: CallRecording = { state: 'recording', announced: false, durationMs: null, bytes: null, ...before, ...changes };
  return before ? call.recordings.map((each) => (each === before ? recording : each)) : [...call.recordings, recording];
}
