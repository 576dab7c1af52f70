import { routeTo } from '@troncal/callflow';
import type { Reroute, Turn } from './turn.js';

/**
 * Nobody took the call that was sent on: whoever the caller talked with before is rung, and if that is nobody, or nobody answers there either, the
 * route from before runs anew. Undefined for a call that was not sent on.
 */
export function comeBack(turn: Turn): Reroute | undefined {
  const { sentOn, tenant, lastCause, language } = turn.call;
  if (!sentOn) return undefined;
  const { kind, target, transferor, route, routeRef } = sentOn;
  const back = transferor !== null && transferor !== target && turn.context.dialTarget(tenant, transferor) !== undefined ? transferor : null;
  const outcome = lastCause === 17 ? 'busy' : lastCause === 21 ? 'rejected' : lastCause === 20 ? 'failed' : 'no_answer';
  turn.state({ name: 'TransferFailed', data: { mode: 'cold', kind, target, outcome, returnedTo: back === null ? 'route' : 'transferor' } });
  if (back === null) {
    turn.set({ sentOn: null });
    return { route, routeRef, reason: 'route' };
  }
  turn.set({ sentOn: { kind: 'endpoint', target: back, transferor: null, route, routeRef } });
  return { route: routeTo({ kind: 'extension', extension: back, announce: true }, language), routeRef: null, reason: 'transfer' };
}
