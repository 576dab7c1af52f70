import type { Leg, Snoop } from '../call.js';
import type { CallMessage } from './call-message.js';
import { otherParty } from './play-steps.js';
import type { Turn } from './turn.js';

/** Rings a supervisor's phone. */
export function startSnoop(turn: Turn, message: Extract<CallMessage, { kind: 'snoop' }>): void {
  const { snoopId, mode, party, extension, target, timeoutMs } = message;
  if (!turn.allows(['talking', 'agent', 'held', 'conference'], "can't be listened to", 'Listen while its caller talks with somebody or with an agent.')) return;
  if (turn.call.snoops.some((each) => each.extension === extension)) return turn.refuse({ code: 'already_listening', what: `is listened to by ${extension} already`, remedy: 'End that one first.' });
  if (party === 'other' && !otherParty(turn)) return turn.refuse({ code: 'nobody_there', what: 'has nobody but its caller to listen at', remedy: 'Listen at "caller".' });
  const leg = turn.addLeg({ kind: 'supervisor', target: extension, role: 'supervisor' });
  turn.set({ snoops: [...turn.call.snoops, { snoopId, mode, party, extension, legId: leg.legId, tapId: null, since: null }] });
  turn.do({ kind: 'dial', leg, target, callerId: turn.call.from, timeoutMs });
}

/** The supervisor has answered: the ear is opened. */
export function supervisorUp(turn: Turn, leg: Leg): void {
  const snoop = turn.call.snoops.find((each) => each.legId === leg.legId);
  if (!snoop) return turn.drop([leg]);
  openTap(turn, snoop);
}

/** Begins to listen; also after a crash between the supervisor's answer and this. */
export function openTap(turn: Turn, snoop: Snoop): void {
  const spied = snoop.party === 'caller' ? turn.primary : otherParty(turn);
  if (!spied) return endSnoop(turn, snoop.snoopId);
  const tap = turn.addLeg({ kind: 'snoop', target: snoop.extension, role: 'snoop' });
  turn.set({ snoops: turn.call.snoops.map((each) => (each.snoopId === snoop.snoopId ? { ...each, tapId: tap.legId } : each)) });
  turn.do({ kind: 'tap', leg: tap, channelId: spied.channelId, whisper: snoop.mode === 'whisper' });
}

/** What is listened through is there: the supervisor hears from now on. */
export function tapUp(turn: Turn, leg: Leg): void {
  const snoop = turn.call.snoops.find((each) => each.tapId === leg.legId);
  if (!snoop) return turn.drop([leg]);
  turn.set({ snoops: turn.call.snoops.map((each) => (each === snoop ? { ...each, since: turn.context.now } : each)) });
  bringTogether(turn, snoop);
  turn.state({ name: 'SnoopStarted', data: { snoopId: snoop.snoopId, mode: snoop.mode, party: snoop.party, extension: snoop.extension } });
}

/** Puts a supervisor and the tap into their own bridge, also after a crash. */
export function bringTogether(turn: Turn, snoop: Snoop): void {
  turn.do({ kind: 'put', room: snoop.legId, legs: turn.call.legs.filter((leg) => leg.legId === snoop.legId || leg.legId === snoop.tapId) });
}

/** One of the two legs is gone, and with it the snoop. */
export function snoopLegGone(turn: Turn, legId: string): void {
  const snoop = turn.call.snoops.find((each) => each.legId === legId || each.tapId === legId);
  if (snoop) endSnoop(turn, snoop.snoopId);
}

/** Takes a supervisor out at somebody's wish. */
export function stopSnoop(turn: Turn, snoopId: string): void {
  if (!turn.call.snoops.some((each) => each.snoopId === snoopId)) return turn.refuse({ code: 'no_such_snoop', what: `is not listened to by ${snoopId}`, remedy: 'GET /api/calls/{id} lists who listens.' });
  endSnoop(turn, snoopId);
}

/** Nobody listens any more. */
export function endAllSnoops(turn: Turn): void {
  for (const { snoopId } of turn.call.snoops) endSnoop(turn, snoopId);
}

function endSnoop(turn: Turn, snoopId: string): void {
  const snoop = turn.call.snoops.find((each) => each.snoopId === snoopId);
  if (!snoop) return;
  turn.set({ snoops: turn.call.snoops.filter((each) => each !== snoop) });
  turn.drop(turn.sideLegs().filter((leg) => leg.legId === snoop.legId || leg.legId === snoop.tapId));
  turn.do({ kind: 'clear', room: snoop.legId });
  const { mode, extension, since } = snoop;
  turn.state({ name: 'SnoopEnded', data: { snoopId, mode, extension, durationMs: since === null ? 0 : Math.max(0, turn.context.now - since) } });
}
