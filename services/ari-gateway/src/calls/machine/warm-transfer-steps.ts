import { divert } from '@troncal/callflow';
import type { Consult, Leg } from '../call.js';
import type { CallMessage } from './call-message.js';
import { apply, beginFlow } from './follow-flow.js';
import { releaseHold, silence, unsilence } from './hold-steps.js';
import type { Turn } from './turn.js';

type Outcome = 'no_answer' | 'busy' | 'rejected' | 'failed' | 'left' | 'cancelled';

/** Rings the target; the caller hears music, and whoever talked with the caller waits for the target. */
export function startConsultation(turn: Turn, message: Extract<CallMessage, { kind: 'warm_transfer' }>): void {
  if (!turn.allows(['talking', 'agent', 'held'], "can't be transferred with a consultation", 'Begin it while its caller talks with somebody or with an agent, or send it on without one.')) return;
  const { to, target, briefing, timeoutMs, requestedBy, reason } = message;
  releaseHold(turn);
  silence(turn);
  const transferor = turn.otherLegs().find((leg) => leg.state === 'up' && leg.kind !== 'media')?.legId ?? null;
  const leg = turn.addLeg({ kind: target.kind, target: to.target, role: 'consult' });
  turn.set({ consult: { ...to, legId: leg.legId, transferor, talking: false, unattended: false, briefing: briefing ?? null, reason: reason ?? null, requestedBy } });
  turn.do({ kind: 'dial', leg, target, callerId: turn.call.from, timeoutMs }, { kind: 'timer', name: 'consult', step: 0, ms: timeoutMs });
  turn.state({ name: 'ConsultationStarted', data: { ...to, legId: leg.legId, requestedBy, ...(reason === undefined ? {} : { reason }) } });
}

/** The target has answered: it hears the briefing and whoever transfers, not yet the caller. */
export function consultUp(turn: Turn, leg: Leg): void {
  const { consult } = turn.call;
  if (consult?.legId !== leg.legId) return turn.drop([leg]);
  turn.do({ kind: 'stop_timer', name: 'consult' });
  turn.set({ consult: { ...consult, talking: true } });
  if (consult.unattended) return finish(turn);
  putTogether(turn, consult);
  if (consult.briefing !== null) turn.do({ kind: 'brief', leg, text: consult.briefing, language: turn.call.language });
}

/** Puts the two who consult into their own bridge, also after a crash. */
export function putTogether(turn: Turn, consult: Consult): void {
  const legs = turn.call.legs.filter((leg) => leg.state === 'up' && (leg.legId === consult.legId || leg.legId === consult.transferor));
  turn.do({ kind: 'put', room: 'consult', legs });
}

/** The caller and the target are put together; whoever transferred is let go. */
export function completeConsultation(turn: Turn): void {
  const { consult } = turn.call;
  if (!consult) return turn.refuse({ code: 'no_transfer', what: 'has no transfer to complete', remedy: 'Begin one with warm-transfer.' });
  if (!consult.talking) return turn.refuse({ code: 'target_not_answered', what: "can't be given to a target that hasn't answered", remedy: 'Wait for the answer, or cancel the transfer and send the call on without a consultation.' });
  finish(turn);
}

/** Calls the transfer off at somebody's wish. */
export function cancelConsultation(turn: Turn): void {
  if (!turn.call.consult) return turn.refuse({ code: 'no_transfer', what: 'has no transfer to cancel', remedy: 'There is nothing to do.' });
  fail(turn, 'cancelled');
}

/** The target rang long enough. */
export function consultTimedOut(turn: Turn): void {
  if (turn.call.consult?.talking === false) fail(turn, 'no_answer');
}

/** The target hung up, or never answered. */
export function consultGone(turn: Turn, legId: string, cause: number): void {
  const { consult } = turn.call;
  if (consult?.legId !== legId) return;
  if (consult.talking) return fail(turn, 'left');
  fail(turn, cause === 17 ? 'busy' : cause === 21 ? 'rejected' : cause === 19 || cause === 18 || cause === 16 ? 'no_answer' : 'failed');
}

/** Whoever transfers hung up, as people do: who answered gets the caller, and so does who answers yet. */
export function transferorGone(turn: Turn): void {
  const { consult, flow } = turn.call;
  if (!consult || !flow) return;
  if (consult.talking) return finish(turn);
  turn.set({ consult: { ...consult, transferor: null, unattended: true } });
  turn.do({ kind: 'hold_music', on: false }, { kind: 'ringback', step: flow.step });
}

function finish(turn: Turn): void {
  const { consult, flow, route } = turn.call;
  if (!consult || !flow) return;
  turn.set({ consult: null });
  apply(turn, divert(route, flow));
  turn.drop(turn.otherLegs());
  turn.settleLeg(consult.legId);
  turn.do(consult.unattended ? { kind: 'stop_play', step: flow.step } : { kind: 'hold_music', on: false }, { kind: 'clear', room: 'consult' });
  const leg = turn.call.legs.find((each) => each.legId === consult.legId);
  if (leg) turn.do({ kind: 'join', leg });
  turn.set({ routeRef: null });
  turn.state({ name: 'CallTransferred', data: { kind: consult.kind, target: consult.target, requestedBy: consult.requestedBy, mode: 'warm', ...(consult.reason === null ? {} : { reason: consult.reason }) } });
}

function fail(turn: Turn, outcome: Outcome): void {
  const { consult, flow, route } = turn.call;
  if (!consult || !flow) return;
  turn.set({ consult: null });
  turn.drop(turn.sideLegs().filter((leg) => leg.legId === consult.legId), outcome === 'cancelled' ? 16 : 26);
  turn.do({ kind: 'stop_timer', name: 'consult' });
  turn.state({ name: 'TransferFailed', data: { mode: 'warm', kind: consult.kind, target: consult.target, outcome, returnedTo: consult.unattended ? 'route' : 'transferor' } });
  if (consult.unattended) {
    turn.do({ kind: 'stop_play', step: flow.step }, { kind: 'clear', room: 'consult' });
    return beginFlow(turn, route, {});
  }
  unsilence(turn);
  // After the transferor has left it for the caller's.
  turn.do({ kind: 'clear', room: 'consult' });
}
