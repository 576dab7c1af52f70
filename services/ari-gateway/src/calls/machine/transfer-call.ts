import { advance } from '@troncal/callflow';
import type { CallMessage } from './call-message.js';
import { apply, beginFlow } from './follow-flow.js';
import type { Turn } from './turn.js';

/**
 * Sends the caller on: what was in force is stopped, whoever talked with the caller is let go, and the target's own route takes the place of the
 * call's. The recording, where one runs, goes on.
 */
export function transfer(turn: Turn, message: Extract<CallMessage, { kind: 'transfer' }>): void {
  const { call } = turn;
  if (!call.flow) return;
  const { to, requestedBy, reason } = message;
  const stopped = advance(call.route, call.flow, { kind: 'hangup' });
  apply(turn, { state: call.flow, actions: stopped.actions.filter((action) => action.kind === 'stop') });
  turn.drop(turn.otherLegs());
  turn.set({ routeRef: to.routeRef, leftAgent: null, ringNext: [] });
  turn.state({ name: 'CallTransferred', data: { kind: to.kind, target: to.target, requestedBy, ...(reason === undefined ? {} : { reason }) } });
  beginFlow(turn, to.route, { reason: 'transfer' });
}
