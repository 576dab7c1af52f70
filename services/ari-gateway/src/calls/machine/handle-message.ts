import type { Call } from '../call.js';
import { legOfChannel } from '../call.js';
import { agentAway, agentJoined, agentLeaving, retryAgent } from './agent-steps.js';
import type { CallMessage } from './call-message.js';
import { endCall } from './end-call.js';
import { beginFlow, follow, settle } from './follow-flow.js';
import { legGone, legUp } from './leg-steps.js';
import { queueConnected, queueFailed, tellQueued } from './queue-steps.js';
import { recordingFailed, recordingReady, startRecording, stopRecording } from './recording-steps.js';
import { reown } from './reown-call.js';
import { ringFailed } from './ring-steps.js';
import { transfer } from './transfer-call.js';
import { Turn, type TurnContext, type TurnResult } from './turn.js';

/**
 * One step of a call. Pure. A call that is over still hears of its recordings, and of nothing else; a result without facts and with the same
 * `call` object means that nothing happened.
 */
export function handleMessage(call: Call, message: CallMessage, context: TurnContext): TurnResult {
  const turn = new Turn(call, context);
  if (message.kind === 'recording_ready') recordingReady(turn, message.recordingId, { durationMs: message.durationMs, bytes: message.bytes, location: message.location });
  else if (message.kind === 'recording_failed') recordingFailed(turn, message.recordingId);
  else if (!turn.over) whileLive(turn, message);
  settle(turn);
  return turn.done();
}

function whileLive(turn: Turn, message: Exclude<CallMessage, { kind: 'recording_ready' | 'recording_failed' }>): void {
  switch (message.kind) {
    case 'begin':
      return begin(turn, message.viaFallback ?? false, message.ringMs ?? 30_000);
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
      return agentAway(turn, message.legId, message.hopeless);
    case 'agent_leaving':
      return agentLeaving(turn, message.legId);
    case 'agent_retry':
      return retryAgent(turn, message.step);
    case 'summary':
      if (message.text !== null) turn.set({ summary: message.text });
      return tellQueued(turn);
    case 'handoff':
      if (message.summary !== undefined) turn.set({ summary: message.summary });
      turn.set({ leftAgent: 'agent' });
      return follow(turn, { kind: 'handoff' });
    case 'hangup':
      return endCall(turn, { endedBy: message.by, cause: message.cause, recovered: message.recovered });
    case 'transfer':
      return transfer(turn, message);
    case 'record':
      return startRecording(turn, message.recordingId, message.announced);
    case 'record_stop':
      return stopRecording(turn);
    case 'reowned':
      return reown(turn, message);
  }
}

function begin(turn: Turn, viaFallback: boolean, timeoutMs: number): void {
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
    return beginFlow(turn, call.route, {});
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
  if (call.flow?.phase === 'agent') turn.set({ leftAgent: 'caller' });
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
    turn.setLeg(legId, { state: 'up', upAt: turn.context.now });
    return agentJoined(turn, leg);
  }
  if (leg.kind === 'queue') return;
  turn.set({ leftAgent: null });
  turn.state({ name: 'AgentConnected', data: { legId, extension: leg.target, waitedMs: Math.max(0, turn.context.now - turn.call.startedAt) } });
}
