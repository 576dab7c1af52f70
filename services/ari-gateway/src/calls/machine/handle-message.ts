import { startTalking } from '@troncal/callflow';
import type { Call } from '../call.js';
import { legOfChannel } from '../call.js';
import { agentAway, agentJoined, agentLeaving, retryAgent } from './agent-steps.js';
import type { CallMessage } from './call-message.js';
import { isControl, type ControlMessage } from './control-message.js';
import { endCall } from './end-call.js';
import { apply, beginFlow, follow, settle } from './follow-flow.js';
import { releaseHold } from './hold-steps.js';
import { legGone, legUp } from './leg-steps.js';
import { queueConnected, queueFailed, tellQueued } from './queue-steps.js';
import { linkJoined } from './link-steps.js';
import { parkTimedOut, pickupTimedOut } from './park-steps.js';
import { played } from './play-steps.js';
import { recordingFailed, recordingReady } from './recording-steps.js';
import { reown } from './reown-call.js';
import { ringFailed } from './ring-steps.js';
import { takeControl } from './take-control.js';
import { Turn, type TurnContext, type TurnResult } from './turn.js';
import { digitInVoicemail } from './voicemail-steps.js';
import { consultTimedOut } from './warm-transfer-steps.js';

/**
 * One step of a call. Pure. A call that is over still hears of its recordings, and of nothing else; a result without facts and with the same
 * `call` object means that nothing happened.
 */
export function handleMessage(call: Call, message: CallMessage, context: TurnContext): TurnResult {
  const turn = new Turn(call, context);
  if (message.kind === 'recording_ready') recordingReady(turn, message.recordingId, { durationMs: message.durationMs, bytes: message.bytes, location: message.location });
  else if (message.kind === 'recording_failed') recordingFailed(turn, message.recordingId);
  else if (isControl(message)) request(turn, message);
  else if (!turn.over) whileLive(turn, message);
  settle(turn);
  return turn.done(call);
}

function request(turn: Turn, message: ControlMessage): void {
  if (!turn.over) return takeControl(turn, message);
  turn.refuse({ code: 'call_over', what: "can't be changed", remedy: 'Only a live call can be; GET /api/calls?live lists them.' });
}

function whileLive(turn: Turn, message: Exclude<CallMessage, ControlMessage | { kind: 'recording_ready' | 'recording_failed' }>): void {
  switch (message.kind) {
    case 'begin':
      return begin(turn, message);
    case 'flow':
      return follow(turn, message.input);
    case 'digit':
      return digit(turn, message.channelId, message.digit);
    case 'leg_ringing':
      return ringing(turn, message.channelId);
    case 'leg_up':
      return legUp(turn, message.channelId);
    case 'leg_joined':
      return joined(turn, message.legId);
    case 'leg_gone':
      return legGone(turn, message);
    case 'queue_connected':
      return queueConnected(turn, message.legId, message.extension);
    case 'queue_left': {
      const leg = turn.call.legs.find((each) => each.legId === message.legId);
      if (leg?.step !== undefined) queueFailed(turn, leg.step, message.outcome);
      return;
    }
    case 'ring_timeout':
      if (turn.call.flow) return ringFailed(turn, message.step, true);
      return endCall(turn, { endedBy: 'system', cause: 19 });
    case 'queue_timeout':
      return queueFailed(turn, message.step, 'timeout');
    case 'agent_away':
      // A leg that is gone has been counted as such: the attempt's own failure comes after it and is the same one.
      if (!message.hopeless && turn.call.legs.some((leg) => leg.legId === message.legId && leg.state === 'ended')) return;
      return agentAway(turn, message.legId, message.hopeless);
    case 'agent_leaving':
      return agentLeaving(turn, message.legId);
    case 'agent_retry':
      return retryAgent(turn, message.step);
    case 'summary':
      if (message.text !== null) turn.set({ summary: message.text });
      return tellQueued(turn);
    case 'handoff':
      if (turn.call.consult) return;
      if (message.summary !== undefined) turn.set({ summary: message.summary });
      turn.set({ leftAgent: 'agent' });
      releaseHold(turn);
      return follow(turn, { kind: 'handoff' });
    case 'hangup':
      return endCall(turn, { endedBy: message.by, cause: message.cause, recovered: message.recovered });
    case 'reowned':
      return reown(turn, message);
    case 'park_timeout':
      return parkTimedOut(turn);
    case 'pickup_timeout':
      return pickupTimedOut(turn);
    case 'consult_timeout':
      return consultTimedOut(turn);
    case 'played':
      return played(turn, message.playbackId, message.outcome);
  }
}

function begin(turn: Turn, { viaFallback = false, ringMs: timeoutMs = 30_000, talks = false }: Extract<CallMessage, { kind: 'begin' }>): void {
  const { call, primary } = turn;
  turn.state({
    name: 'CallStarted',
    data: {
      legId: primary.legId, direction: call.direction, from: call.from, to: call.to, edgeId: call.edgeId, rail: 'asterisk',
      ...(call.routeRef ? { route: call.routeRef } : {}), ...(viaFallback ? { viaFallback: true } : {}),
    },
  });
  if (primary.kind === 'caller') {
    // The dialplan's fallback had answered this caller.
    if (call.state === 'answered') turn.state({ name: 'CallAnswered', data: { legId: primary.legId, by: 'route', answeredBy: call.routeRef?.code ?? call.to } });
    return talks ? apply(turn, startTalking(call.route)) : beginFlow(turn, call.route, {});
  }
  // A call that we place: its flow begins with the answer.
  const target = call.dials[primary.target];
  if (!target) return endCall(turn, { endedBy: 'system', cause: 3 });
  turn.do({ kind: 'dial', leg: primary, target, callerId: call.from, timeoutMs }, { kind: 'timer', name: 'ring', step: 0, ms: timeoutMs });
}

function digit(turn: Turn, channelId: string, pressed: string): void {
  const { call, primary } = turn;
  if (channelId !== primary.channelId || !/^[0-9*#A-D]$/.test(pressed)) return;
  turn.state({ name: 'DtmfReceived', data: { legId: primary.legId, digit: pressed, masked: false } });
  // On hold nobody but the one who holds the caller decides where the caller goes.
  if (call.held || call.consult) return;
  if (call.flow?.phase === 'agent') turn.set({ leftAgent: 'caller' });
  digitInVoicemail(turn, pressed);
  follow(turn, { kind: 'digit', digit: pressed });
  // A digit that led nowhere leaves the caller with the agent.
  if (turn.call.flow?.phase === 'agent') turn.set({ leftAgent: null });
}

function ringing(turn: Turn, channelId: string): void {
  const leg = legOfChannel(turn.call, channelId);
  if (leg?.state !== 'created' || leg.kind === 'caller' || leg.kind === 'media' || leg.kind === 'queue') return;
  turn.setLeg(leg.legId, { state: 'ringing' });
  turn.state({ name: 'CallRinging', data: { legId: leg.legId, target: leg.target } });
}

function joined(turn: Turn, legId: string): void {
  const leg = turn.call.legs.find((each) => each.legId === legId);
  if (!leg || leg.state === 'ended' || leg === turn.primary) return;
  if (leg.kind === 'media') {
    if (leg.state === 'up') return;
    turn.setLeg(legId, { state: 'up', upAt: turn.context.now });
    return agentJoined(turn, leg);
  }
  if (leg.kind === 'queue' || leg.connected || leg.role !== undefined) return;
  if (leg.kind === 'call' || leg.kind === 'conference') return linkJoined(turn, leg);
  turn.setLeg(legId, { connected: true });
  turn.set({ leftAgent: null });
  turn.state({ name: 'AgentConnected', data: { legId, extension: leg.target, waitedMs: Math.max(0, turn.context.now - turn.call.startedAt) } });
}
