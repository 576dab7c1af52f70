import type { Turn } from './turn.js';

/** Takes the call out of its conference; whoever else is in the call goes on talking. */
export function leaveConference(turn: Turn): boolean {
  const { conference } = turn.call;
  if (!conference) {
    turn.refuse({ code: 'not_in_conference', what: "can't leave a conference", remedy: 'Only a call in one can.' });
    return false;
  }
  turn.drop(turn.otherLegs().filter((leg) => leg.legId === conference.legId));
  conferenceLeft(turn);
  return true;
}

/** States that the call takes part no longer. */
export function conferenceLeft(turn: Turn): void {
  const { conference } = turn.call;
  if (!conference) return;
  turn.set({ conference: null });
  if (turn.call.legs.some((leg) => leg.legId === conference.legId && leg.connected)) {
    turn.state({ name: 'ConferenceLeft', data: { conference: conference.name, joinedMs: Math.max(0, turn.context.now - conference.since) } });
  }
}
