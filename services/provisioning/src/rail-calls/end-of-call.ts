import type { CallSoFar } from './call-so-far.js';
import { causeOf } from './rail-causes.js';
import type { RailFactOf } from './call-facts.js';
import type { RailEvent } from './rail-event.js';

type Ended = Extract<RailEvent, { readonly name: 'CallEnded' }>['data'];
type How = Pick<Ended, 'disposition' | 'endedBy' | 'cause'>;

/** Who ended a call and how, as well as it can be known: Twilio does not say who hung up. */
export function endOfCall(call: CallSoFar, terminal: RailFactOf<'status'>, answered: boolean, direction: Ended['direction']): How {
  const hangup = call.first('hangup')?.fact;
  if (answered) {
    if (othersLeft(call)) return { disposition: 'answered', endedBy: 'far_end', cause: 16 };
    return { disposition: 'answered', endedBy: hangup?.by ?? (terminal.recovered ? 'system' : 'caller'), cause: hangup?.cause ?? 16 };
  }
  const refused = call.first('refused')?.fact;
  if (refused) return { disposition: 'rejected', endedBy: 'system', cause: refused.cause ?? 21 };
  // Nothing but the caller's own giving up ends a call as cancelled.
  if (terminal.status === 'canceled') return { disposition: 'abandoned', endedBy: 'caller', cause: 16 };
  const far = call.legs.findLast(({ end }) => end !== undefined && end.fact.status !== 'canceled');
  const cause = far?.end ? causeOf({ status: far.end.fact.status, sipCode: call.sipCodeOf(far.legSid) }) : undefined;
  // Whom we dialled for a phone did not answer; for a caller from outside, what the phones said is between us and them.
  if (cause !== undefined && cause !== 16 && direction !== 'inbound') return unanswered(cause, 'far_end');
  if (hangup) {
    // An orderly end says nothing of why nobody had answered.
    const said = hangup.cause === 16 ? undefined : hangup.cause;
    return unanswered(said ?? cause ?? causeOf(terminal), hangup.by);
  }
  if (terminal.status === 'completed') return { disposition: 'abandoned', endedBy: terminal.recovered ? 'system' : 'caller', cause: 16 };
  return unanswered(causeOf(terminal), terminal.status === 'failed' || terminal.recovered ? 'system' : 'far_end');
}

/** How a call that was never answered ended, by its cause: as ari-gateway has it. */
function unanswered(cause: number, endedBy: How['endedBy']): How {
  return { disposition: dispositionOf(cause, endedBy), endedBy, cause };
}

function dispositionOf(cause: number, endedBy: How['endedBy']): How['disposition'] {
  if (cause === 17) return 'busy';
  if (cause === 18 || cause === 19 || cause === 20) return 'no_answer';
  if (cause === 21) return 'rejected';
  return endedBy === 'api' || endedBy === 'agent' ? 'abandoned' : 'failed';
}

/** True when whoever the caller talked with hung up first, and nothing came after. */
function othersLeft(call: CallSoFar): boolean {
  const last = call.legs.findLast((leg) => leg.connected);
  if (last?.end?.fact.callStatus !== 'in-progress') return false;
  const { at } = last.end;
  return !call.all('digit', 'ringing', 'queued', 'person-connected', 'transferred', 'agent').some((later) => later.at > at);
}
