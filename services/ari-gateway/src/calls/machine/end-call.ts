import { advance, type HangupCause } from '@troncal/callflow';
import type { Disposition, EndedBy } from '../call.js';
import { conferenceLeft } from './conference-steps.js';
import { played } from './play-steps.js';
import { leaveQueue } from './queue-steps.js';
import { endAllSnoops } from './snoop-steps.js';
import type { Turn } from './turn.js';

/** Q.850 of what a route says; an unanswered caller hears it as a SIP status. */
const CAUSES: Readonly<Record<HangupCause, number>> = { normal: 16, busy: 17, congestion: 34, rejected: 21, loop: 34, broken: 41 };

/** How a call that was never answered ended, by its cause. */
function unansweredBy(cause: number, endedBy: EndedBy): Disposition {
  if (endedBy === 'caller') return 'abandoned';
  if (cause === 17) return 'busy';
  if (cause === 18 || cause === 19 || cause === 20) return 'no_answer';
  if (cause === 21) return 'rejected';
  return endedBy === 'api' || endedBy === 'agent' ? 'abandoned' : 'failed';
}

export interface CallEnding {
  readonly endedBy: EndedBy;
  readonly cause: number;
  readonly recovered?: boolean | undefined;
}

/** Ends the call: the one place that states CallEnded, at most once per call. */
export function endCall(turn: Turn, ending: CallEnding): void {
  if (turn.over) return;
  leaveQueue(turn, 'abandoned');
  if (turn.call.playback) played(turn, turn.call.playback.playbackId, 'stopped');
  conferenceLeft(turn);
  endAllSnoops(turn);
  const rooms = turn.call.consult ? ['consult'] : [];
  const { call, context, primary } = turn;
  const answeredMs = call.answeredAt === null ? 0 : Math.max(0, context.now - call.answeredAt);
  const disposition = call.answeredAt === null ? unansweredBy(ending.cause, ending.endedBy) : 'answered';
  if (call.agentPart) turn.do({ kind: 'detach_agent', reason: 'call_ended' });
  const recordings = call.recordings.filter((each) => each.state === 'recording').map(({ recordingId, channels = 'mono' }) => ({ recordingId, channels }));
  turn.drop([...turn.otherLegs(), ...turn.sideLegs()]);
  if (primary.state !== 'ended') turn.drop([primary], ending.cause);
  turn.do({ kind: 'tear_down', recordings, rooms });
  turn.set({
    state: 'ended', endedAt: context.now, disposition, cause: ending.cause, agentPart: null, waiting: null, ringNext: [], held: null, parked: null, consult: null, sentOn: null,
    flow: call.flow && call.flow.phase !== 'ended' ? advance(call.route, call.flow, { kind: 'hangup' }, turn.clock).state : call.flow,
  });
  turn.state({
    name: 'CallEnded',
    data: {
      from: call.from, to: call.to, direction: call.direction, disposition, endedBy: ending.endedBy, cause: ending.cause,
      durationMs: Math.max(0, context.now - call.startedAt), answeredMs, ...(ending.recovered ? { recovered: true } : {}),
    },
  });
}

/** Ends the call as its route says. A caller whom nobody answered hears the phones' own cause. */
export function endByRoute(turn: Turn, cause: HangupCause): void {
  const unanswered = turn.call.state === 'ringing' && cause === 'normal';
  endCall(turn, { endedBy: 'route', cause: unanswered && turn.call.lastCause !== 16 ? turn.call.lastCause : CAUSES[cause] });
}
