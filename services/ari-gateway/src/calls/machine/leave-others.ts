import { divert } from '@troncal/callflow';
import { conferenceLeft } from './conference-steps.js';
import { apply } from './follow-flow.js';
import type { Turn } from './turn.js';

/** What the route had in force is stopped, and everybody but the caller is let go. */
export function leaveOthers(turn: Turn): void {
  const { route, flow } = turn.call;
  if (flow) apply(turn, divert(route, flow));
  turn.drop(turn.otherLegs());
  conferenceLeft(turn);
  turn.set({ sentOn: null, ringNext: [] });
}
