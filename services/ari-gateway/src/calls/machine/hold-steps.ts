import { askAgain } from './agent-steps.js';
import type { Turn } from './turn.js';

type Asker = 'api' | 'agent';

/** The caller hears music, and whoever talked with the caller neither hears nor is heard. */
export function hold(turn: Turn, requestedBy: Asker): void {
  if (turn.call.held) return turn.refuse({ code: 'already_held', what: "can't be held", remedy: 'Resume it, or leave it as it is.' });
  if (!turn.allows(['talking', 'agent', 'conference'], "can't be held", 'Hold it while its caller talks with somebody or with an agent.')) return;
  turn.set({ held: { since: turn.context.now } });
  silence(turn);
  turn.state({ name: 'CallHeld', data: { requestedBy } });
}

/** Ends the hold. */
export function resumeHeld(turn: Turn): void {
  if (!turn.call.held) return turn.refuse({ code: 'not_held', what: "can't be resumed", remedy: 'Only a call on hold can be.' });
  endHold(turn);
  unsilence(turn);
}

/** The hold is over because the call goes on somewhere else: nobody is put back. */
export function releaseHold(turn: Turn): void {
  if (!turn.call.held) return;
  endHold(turn);
  turn.do({ kind: 'hold_music', on: false });
}

/** Music for the caller; the others are out of the bridge. */
export function silence(turn: Turn): void {
  for (const leg of turn.otherLegs()) if (leg.state === 'up') turn.do({ kind: 'part', leg });
  turn.do({ kind: 'hold_music', on: true });
}

/** Everybody hears everybody again. An agent that was lost meanwhile is asked for anew. */
export function unsilence(turn: Turn): void {
  turn.do({ kind: 'hold_music', on: false });
  for (const leg of turn.otherLegs()) if (leg.state === 'up') turn.do({ kind: 'join', leg });
  const { flow } = turn.call;
  if (flow?.phase === 'agent') askAgain(turn, flow.step, false);
}

function endHold(turn: Turn): void {
  const { held } = turn.call;
  turn.set({ held: null });
  turn.state({ name: 'CallResumed', data: { heldMs: Math.max(0, turn.context.now - (held?.since ?? turn.context.now)) } });
}
