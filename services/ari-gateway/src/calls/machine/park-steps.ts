import { routeTo } from '@troncal/callflow';
import type { Leg, Parked } from '../call.js';
import type { CallMessage } from './call-message.js';
import { beginFlow } from './follow-flow.js';
import { releaseHold } from './hold-steps.js';
import { leaveOthers } from './leave-others.js';
import { personOf } from './person.js';
import type { Turn } from './turn.js';

/** A slot whose time is up while somebody's phone rings for it is looked at again after this, ms. */
const CLAIMED_MS = 2_000;

/** The caller waits in a slot with music; whoever talked with the caller is let go. */
export function park(turn: Turn, message: Extract<CallMessage, { kind: 'park' }>): void {
  if (!turn.allows(['route', 'awaiting_agent', 'agent', 'talking', 'held', 'conference'], "can't be parked", 'Park an answered call that is not parked and not being transferred.')) return;
  const { slot, timeoutMs, requestedBy } = message;
  const returnTo = message.returnTo ?? personOf(turn) ?? null;
  const { now } = turn.context;
  releaseHold(turn);
  leaveOthers(turn);
  turn.set({ parked: { slot, since: now, until: now + timeoutMs, returnTo, claimed: null } });
  turn.do({ kind: 'hold_music', on: true }, { kind: 'timer', name: 'park', step: 0, ms: timeoutMs });
  turn.state({ name: 'CallParked', data: { slot, until: new Date(now + timeoutMs).toISOString(), returnTo, requestedBy } });
}

/** Rings a phone that is to take the caller from the slot; the caller hears music until it answers. */
export function startPickup(turn: Turn, { extension, target, timeoutMs }: Extract<CallMessage, { kind: 'pickup' }>): void {
  const leg = turn.addLeg({ kind: target.kind, target: extension, role: 'pickup' });
  if (!claim(turn, leg.legId, extension)) return;
  turn.do({ kind: 'dial', leg, target, callerId: turn.call.from, timeoutMs }, { kind: 'timer', name: 'pickup', step: 0, ms: timeoutMs });
}

/** Keeps a parked caller for who picks it up; false, and refused, for one that isn't parked or is being picked up. */
export function claim(turn: Turn, legId: string, extension: string): boolean {
  const { parked } = turn.call;
  if (parked && !parked.claimed) {
    turn.set({ parked: { ...parked, claimed: { legId, extension } } });
    return true;
  }
  turn.refuse({ code: parked ? 'being_picked_up' : 'not_parked', what: "can't be picked up", remedy: parked ? 'Somebody else is just picking it up.' : 'GET /api/calls/parked lists who is parked.' });
  return false;
}

/** The phone was answered. */
export function pickupUp(turn: Turn, leg: Leg): void {
  const { parked } = turn.call;
  if (parked?.claimed?.legId !== leg.legId) return turn.drop([leg]);
  unpark(turn);
  turn.settleLeg(leg.legId);
  turn.do({ kind: 'stop_timer', name: 'pickup' }, { kind: 'join', leg });
  pickedUp(turn, parked);
}

/** Whoever was picking the caller up doesn't: the caller stays in the slot. */
export function pickupGone(turn: Turn, legId: string): void {
  const { parked } = turn.call;
  if (parked?.claimed?.legId !== legId) return;
  turn.set({ parked: { ...parked, claimed: null } });
  turn.do({ kind: 'stop_timer', name: 'pickup' });
}

/** The phone rang long enough. */
export function pickupTimedOut(turn: Turn): void {
  const legs = turn.sideLegs().filter((leg) => leg.role === 'pickup');
  turn.drop(legs, 26);
  for (const leg of legs) pickupGone(turn, leg.legId);
}

/** Nobody picked the caller up: back to the one who parked, or to the route. */
export function parkTimedOut(turn: Turn): void {
  const { parked, route, tenant } = turn.call;
  if (!parked) return;
  if (parked.claimed) return turn.do({ kind: 'timer', name: 'park', step: 0, ms: CLAIMED_MS });
  unpark(turn);
  const known = parked.returnTo !== null && turn.context.dialTarget(tenant, parked.returnTo) !== undefined ? parked.returnTo : null;
  turn.state({ name: 'ParkingExpired', data: { slot: parked.slot, returnedTo: known, parkedMs: Math.max(0, turn.context.now - parked.since) } });
  if (known === null) return beginFlow(turn, route, {});
  beginFlow(turn, routeTo({ kind: 'extension', extension: known, announce: true }, turn.call.language), { reason: 'transfer' });
}

/** The caller leaves the slot. */
export function unpark(turn: Turn): void {
  if (!turn.call.parked) return;
  turn.set({ parked: null });
  turn.drop(turn.sideLegs().filter((leg) => leg.role === 'pickup' && leg.state !== 'up'));
  turn.do({ kind: 'hold_music', on: false }, { kind: 'stop_timer', name: 'park' });
}

/** States who took the caller. */
export function pickedUp(turn: Turn, { slot, since, claimed }: Parked): void {
  if (claimed) turn.state({ name: 'CallPickedUp', data: { slot, extension: claimed.extension, parkedMs: Math.max(0, turn.context.now - since) } });
}
