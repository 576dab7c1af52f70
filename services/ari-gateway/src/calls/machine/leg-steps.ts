import { legOfChannel } from '../call.js';
import { agentAway } from './agent-steps.js';
import { endCall } from './end-call.js';
import { beginFlow } from './follow-flow.js';
import { ringAnswered, ringFailed } from './ring-steps.js';
import type { Turn } from './turn.js';

/** app_queue's word on how the caller left it comes by another socket than the leg's end, so it is waited for, ms. */
const QUEUE_WORD_MS = 400;

/** A leg was answered (or, for what we create ourselves, has entered the application). */
export function legUp(turn: Turn, channelId: string): void {
  const leg = legOfChannel(turn.call, channelId);
  if (!leg || leg.state === 'ended' || leg.state === 'up') return;
  const up = turn.setLeg(leg.legId, { state: 'up', upAt: turn.context.now }) ?? leg;
  if (leg.legId === turn.primary.legId) return placedCallAnswered(turn);
  switch (leg.kind) {
    case 'endpoint':
    case 'trunk':
      return ringAnswered(turn, up);
    case 'queue':
      if (turn.call.flow?.phase !== 'queue' || turn.call.flow.step !== leg.step) return turn.drop([up]);
      return turn.do({ kind: 'join', leg: up });
    case 'media':
    case 'caller':
      return;
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
  const { flow } = turn.call;
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
    case 'caller':
      break;
  }
  if (wasUp && flow?.phase === 'talking') {
    endCall(turn, { endedBy: 'far_end', cause: gone.cause === 0 ? 16 : gone.cause, recovered: gone.recovered });
  }
}

/** Asterisk tells 0 or 16 for a leg that was never answered when it was cancelled or the phone said nothing better. */
function unansweredCause(cause: number): number {
  return cause === 0 || cause === 16 ? 19 : cause;
}
