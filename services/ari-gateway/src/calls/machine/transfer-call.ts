import { advance } from '@troncal/callflow';
import { conferenceLeft } from './conference-steps.js';
import type { ControlMessage } from './control-message.js';
import { apply, beginFlow } from './follow-flow.js';
import { releaseHold } from './hold-steps.js';
import { unpark } from './park-steps.js';
import { personOf } from './person.js';
import type { Turn } from './turn.js';

/**
 * Sends the caller on: what was in force is stopped, whoever talked with the caller is let go, and the target's own route takes the place of the
 * call's. The recording, where one runs, goes on.
 */
export function transfer(turn: Turn, message: Extract<ControlMessage, { kind: 'transfer' }>): void {
  const { call } = turn;
  if (!call.flow) return turn.refuse({ code: 'call_not_answered', what: "can't be sent on", remedy: 'Transfer it once it is answered, or hang it up.' });
  if (call.consult) return turn.refuse({ code: 'wrong_state', what: "can't be sent on", remedy: 'Complete or cancel the transfer that is under way.' });
  const { to, requestedBy, reason, comesBack } = message;
  const person = personOf(turn) ?? null;
  const stopped = advance(call.route, call.flow, { kind: 'hangup' }, turn.clock);
  apply(turn, { state: call.flow, actions: stopped.actions.filter((action) => action.kind === 'stop') });
  releaseHold(turn);
  unpark(turn);
  turn.drop(turn.otherLegs());
  conferenceLeft(turn);
  const sentOn = comesBack && (to.kind === 'endpoint' || to.kind === 'number') ? { kind: to.kind, target: to.target, transferor: person, route: call.route, routeRef: call.routeRef } : null;
  turn.set({ routeRef: to.routeRef, leftAgent: null, ringNext: [], sentOn, dials: { ...call.dials, ...to.dials } });
  turn.state({ name: 'CallTransferred', data: { kind: to.kind, target: to.target, requestedBy, mode: 'cold', ...(reason === undefined ? {} : { reason }) } });
  beginFlow(turn, to.route, { reason: 'transfer' });
}
