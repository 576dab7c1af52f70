import { legOfChannel, type Leg, type LegRole } from '../call.js';
import { agentAway } from './agent-steps.js';
import { endCall } from './end-call.js';
import { beginFlow } from './follow-flow.js';
import { conferenceLeft } from './conference-steps.js';
import { linkUp } from './link-steps.js';
import { pickupGone, pickupUp } from './park-steps.js';
import { ringAnswered, ringFailed } from './ring-steps.js';
import { snoopLegGone, supervisorUp, tapUp } from './snoop-steps.js';
import type { Turn } from './turn.js';
import { consultGone, consultUp, transferorGone } from './warm-transfer-steps.js';

/** app_queue's word on how the caller left it comes by another socket than the leg's end, so it is waited for, ms. */
const QUEUE_WORD_MS = 400;

/** A leg was answered (or, for what we create ourselves, has entered the application). */
export function legUp(turn: Turn, channelId: string): void {
  const leg = legOfChannel(turn.call, channelId);
  if (!leg || leg.state === 'ended' || leg.state === 'up') return;
  const up = turn.setLeg(leg.legId, { state: 'up', upAt: turn.context.now }) ?? leg;
  if (leg.legId === turn.primary.legId) return placedCallAnswered(turn);
  if (up.role !== undefined) return sideLegUp(turn, up, up.role);
  switch (leg.kind) {
    case 'endpoint':
    case 'trunk':
      return ringAnswered(turn, up);
    case 'queue':
      if (turn.call.flow?.phase !== 'queue' || turn.call.flow.step !== leg.step) return turn.drop([up]);
      return turn.do({ kind: 'join', leg: up });
    case 'media':
    case 'caller':
    case 'call':
    case 'conference':
    case 'supervisor':
    case 'snoop':
      return;
  }
}

function sideLegUp(turn: Turn, leg: Leg, role: LegRole): void {
  switch (role) {
    case 'link':
      return linkUp(turn, leg);
    case 'pickup':
      return pickupUp(turn, leg);
    case 'consult':
      return consultUp(turn, leg);
    case 'supervisor':
      return supervisorUp(turn, leg);
    case 'snoop':
      return tapUp(turn, leg);
  }
}

function sideLegGone(turn: Turn, leg: Leg, role: LegRole, cause: number): void {
  switch (role) {
    case 'link':
      pickupGone(turn, leg.legId);
      // A call that was made to pick another one up has nothing else.
      if (turn.call.flow?.phase === 'talking' && !turn.call.parked && turn.otherLegs().length === 0) endCall(turn, { endedBy: 'far_end', cause: 16 });
      return;
    case 'pickup':
      return pickupGone(turn, leg.legId);
    case 'consult':
      return consultGone(turn, leg.legId, cause);
    case 'supervisor':
    case 'snoop':
      return snoopLegGone(turn, leg.legId);
  }
}

function placedCallAnswered(turn: Turn): void {
  const { call, primary, context } = turn;
  if (call.state !== 'ringing' || primary.kind === 'caller') return;
  turn.set({ state: 'answered', answeredAt: context.now });
  turn.state({ name: 'CallAnswered', data: { legId: primary.legId, by: 'far_end', answeredBy: primary.target } });
  turn.do({ kind: 'stop_timer', name: 'ring' }, { kind: 'join', leg: primary });
  beginFlow(turn, call.route, {});
}

/** A leg has hung up, or is found to have gone while nobody was looking. */
export function legGone(turn: Turn, gone: { readonly channelId: string; readonly cause: number; readonly recovered?: boolean | undefined }): void {
  const leg = legOfChannel(turn.call, gone.channelId);
  if (!leg || leg.state === 'ended') return;
  const wasUp = leg.state === 'up';
  turn.setLeg(leg.legId, { state: 'ended' });
  if (leg.legId === turn.primary.legId) {
    const placedAndUnanswered = leg.kind !== 'caller' && turn.call.state === 'ringing';
    return endCall(turn, { endedBy: leg.kind === 'caller' ? 'caller' : 'far_end', cause: placedAndUnanswered ? unansweredCause(gone.cause) : gone.cause, recovered: gone.recovered });
  }
  if (leg.role !== undefined) return sideLegGone(turn, leg, leg.role, gone.cause);
  const { flow, consult } = turn.call;
  if (consult?.transferor === leg.legId) return transferorGone(turn);
  switch (leg.kind) {
    case 'media':
      return agentAway(turn, leg.legId, false);
    case 'queue':
      if (flow?.phase === 'queue' && leg.step === flow.step) return turn.do({ kind: 'timer', name: 'queue', step: flow.step, ms: QUEUE_WORD_MS });
      break;
    case 'endpoint':
    case 'trunk':
      if (flow?.phase === 'ring' && leg.step === flow.step) {
        turn.set({ lastCause: unansweredCause(gone.cause) });
        return ringFailed(turn, flow.step, false);
      }
      break;
    case 'conference':
      conferenceLeft(turn);
      break;
    case 'caller':
    case 'call':
    case 'supervisor':
    case 'snoop':
      break;
  }
  // With others left, as in a conference, the call goes on.
  if (wasUp && flow?.phase === 'talking' && turn.otherLegs().length === 0) {
    endCall(turn, { endedBy: 'far_end', cause: gone.cause === 0 ? 16 : gone.cause, recovered: gone.recovered });
  }
}

/** Asterisk tells 0 or 16 for a leg that was never answered when it was cancelled or the phone said nothing better. */
function unansweredCause(cause: number): number {
  return cause === 0 || cause === 16 ? 19 : cause;
}
