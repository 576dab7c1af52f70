import { PermanentError } from '@troncal/kernel';
import { knownAs, whereabouts, type Call } from '../call.js';

/** Why a request changes nothing: said to whoever asked, by HTTP or by command. */
export interface Refusal {
  /** Stable, snake_case. */
  readonly code: string;
  /** What can't be done, after "Call … ": `can't be held`. */
  readonly what: string;
  readonly remedy: string;
}

/** What a call may be in the middle of, from the view of who wants to do something to it. */
export type Doing = 'over' | 'unanswered' | 'route' | 'awaiting_agent' | 'agent' | 'talking' | 'held' | 'parked' | 'conference' | 'consulting';

/** What the call is in the middle of. */
export function doing(call: Call): Doing {
  if (call.state === 'ended') return 'over';
  if (call.state === 'ringing' || !call.flow) return 'unanswered';
  if (call.consult) return 'consulting';
  if (call.held) return 'held';
  if (call.parked) return 'parked';
  if (call.conference) return 'conference';
  if (call.flow.phase === 'talking') return 'talking';
  if (call.flow.phase !== 'agent') return 'route';
  return call.legs.some((leg) => leg.legId === call.agentPart?.legId && leg.state === 'up') ? 'agent' : 'awaiting_agent';
}

function doingText(call: Call): string {
  switch (doing(call)) {
    case 'over':
      return 'it is over';
    case 'unanswered':
      return 'it has not been answered';
    case 'route':
      return `it is at "${whereabouts(call)}" of its route`;
    case 'awaiting_agent':
      return 'its agent is being connected';
    case 'agent':
      return 'it is with an agent';
    case 'talking':
      return 'its caller talks with somebody';
    case 'held':
      return 'it is on hold';
    case 'parked':
      return `it is parked in slot ${call.parked?.slot}`;
    case 'conference':
      return `it is in the conference "${call.conference?.name}"`;
    case 'consulting':
      return `it is being transferred to ${call.consult?.target}`;
  }
}

/** The error of a refusal (409), with the fact of what the call is doing. */
export function refusalError(call: Call, { code, what, remedy }: Refusal): PermanentError {
  return new PermanentError(code, `Call ${knownAs(call)} ${what}: ${doingText(call)}.`, { status: 409, remedy, details: { callId: knownAs(call), doing: doing(call) } });
}
