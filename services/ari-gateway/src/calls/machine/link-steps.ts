import type { Leg } from '../call.js';
import type { CallMessage } from './call-message.js';
import { releaseHold, resumeHeld } from './hold-steps.js';
import { leaveOthers } from './leave-others.js';
import { claim, pickedUp, unpark } from './park-steps.js';
import type { Turn } from './turn.js';

type Link = Extract<CallMessage, { kind: 'link' }>;

/**
 * Begins to connect this call with another one, or with a conference, by a Local channel of which one half is a leg of this call. Until it is up
 * nothing changes for the caller, so that a link that fails costs nothing.
 */
export function startLink(turn: Turn, { legId, to, dials, pickup }: Link): void {
  const what = to.kind === 'call' ? "can't be put together with another call" : "can't join a conference";
  if (turn.sideLegs().some((leg) => leg.role === 'link')) return turn.refuse({ code: 'being_connected', what, remedy: 'It is just being connected with another one; ask again in a second.' });
  if (turn.call.conference && to.kind === 'conference') return turn.refuse({ code: 'in_conference', what, remedy: 'Take it out of its conference first.' });
  if (pickup !== undefined && !claim(turn, legId, pickup)) return;
  if (!turn.allows(['route', 'awaiting_agent', 'agent', 'talking', 'held', 'parked', 'conference'], what, 'Wait for its answer; complete or cancel a transfer first.')) return;
  const leg = turn.addLeg({ kind: to.kind, target: to.kind === 'call' ? to.callId : to.name, role: 'link', legId });
  if (dials) turn.do({ kind: 'dial_link', leg, to });
}

/** The Local channel is up: the caller is taken out of the route's hands and joins. */
export function linkUp(turn: Turn, leg: Leg): void {
  if (turn.call.consult) return turn.drop([leg]);
  const parked = turn.call.parked;
  // In a conference everybody in the call takes part; two callers that are put together talk alone.
  const keeps = leg.kind === 'conference' && turn.call.flow?.phase === 'talking';
  if (keeps && turn.call.held) resumeHeld(turn);
  else releaseHold(turn);
  if (!keeps) leaveOthers(turn);
  turn.settleLeg(leg.legId);
  if (parked) {
    unpark(turn);
    if (parked.claimed?.legId === leg.legId) pickedUp(turn, parked);
  }
  if (leg.kind === 'conference') turn.set({ conference: { name: leg.target, legId: leg.legId, since: turn.context.now } });
  turn.do({ kind: 'join', leg });
}

/** The link is in the bridge. */
export function linkJoined(turn: Turn, leg: Leg): void {
  turn.setLeg(leg.legId, { connected: true });
  turn.set({ leftAgent: null });
  if (leg.kind === 'conference') turn.state({ name: 'ConferenceJoined', data: { legId: leg.legId, conference: leg.target } });
  else turn.state({ name: 'CallsBridged', data: { withCallId: leg.target } });
}
