import type { BlockingAction } from '@troncal/callflow';
import type { Leg } from '../call.js';
import { comeBack } from './come-back.js';
import type { Turn } from './turn.js';

type Ring = Extract<BlockingAction, { kind: 'ring' }>;

/** Rings phones: all at once, or one after the other. The caller hears ringing meanwhile, its own before the answer and ours after it. */
export function startRinging(turn: Turn, action: Ring): void {
  const reachable = action.extensions.filter((extension) => targetOf(turn, extension) !== undefined);
  if (reachable.length === 0) {
    turn.set({ lastCause: 20 });
    return nobodyAnswered(turn, action.step);
  }
  if (turn.call.state === 'answered') turn.do({ kind: 'ringback', step: action.step });
  else turn.do({ kind: 'indicate_ringing', channelId: turn.primary.channelId });
  const now = action.strategy === 'all' ? reachable : reachable.slice(0, 1);
  turn.set({ ringNext: action.strategy === 'all' ? [] : reachable.slice(1) });
  for (const extension of now) ringOne(turn, extension, action.step, action.timeoutMs);
  turn.do({ kind: 'timer', name: 'ring', step: action.step, ms: action.timeoutMs });
}

/** A phone that rang for this step is gone or its time is up: the next one, or nobody. */
export function ringFailed(turn: Turn, step: number, timedOut: boolean): void {
  const { flow, route, ringNext } = turn.call;
  if (flow?.phase !== 'ring' || flow.step !== step) return;
  const ringing = legsOf(turn, step);
  if (timedOut) {
    turn.set({ lastCause: 19 });
    turn.drop(ringing);
  } else if (ringing.length > 0) return;
  const node = route.nodes[flow.node];
  const [next, ...rest] = ringNext;
  if (next !== undefined && node?.kind === 'ring') {
    turn.set({ ringNext: rest });
    ringOne(turn, next, step, node.timeoutMs);
    turn.do({ kind: 'timer', name: 'ring', step, ms: node.timeoutMs });
    return;
  }
  stopRinging(turn, step);
  nobodyAnswered(turn, step);
}

/** A phone was answered: the others stop ringing, and it joins the caller. */
export function ringAnswered(turn: Turn, leg: Leg): void {
  const { flow } = turn.call;
  if (flow?.phase !== 'ring' || flow.step !== leg.step) return turn.drop([leg]);
  turn.drop(legsOf(turn, flow.step).filter((other) => other.legId !== leg.legId), 26);
  stopRinging(turn, flow.step);
  turn.set({ sentOn: null });
  turn.report({ input: { kind: 'ring_answered', step: flow.step }, answerer: { by: 'endpoint', answeredBy: leg.target }, afterwards: [{ kind: 'join', leg }] });
}

/** Ends the ringing of a step without looking at its outcome. */
export function stopRinging(turn: Turn, step: number): void {
  turn.set({ ringNext: [] });
  turn.do({ kind: 'stop_timer', name: 'ring' });
  if (turn.call.state === 'answered') turn.do({ kind: 'stop_play', step });
}

function nobodyAnswered(turn: Turn, step: number): void {
  const reroute = comeBack(turn);
  turn.report({ input: { kind: 'ring_failed', step }, ...(reroute ? { reroute } : {}) });
}

function legsOf(turn: Turn, step: number): Leg[] {
  return turn.otherLegs().filter((leg) => leg.step === step && (leg.kind === 'endpoint' || leg.kind === 'trunk'));
}

function ringOne(turn: Turn, extension: string, step: number, timeoutMs: number): void {
  const target = targetOf(turn, extension);
  if (!target) return;
  const leg = turn.addLeg({ kind: target.kind, target: extension, step });
  turn.do({ kind: 'dial', leg, target, callerId: callerIdFor(turn), timeoutMs });
}

/** Who the phone shows: the caller, or for a call that we placed the party called. */
function callerIdFor(turn: Turn): string {
  return turn.primary.kind === 'caller' ? turn.call.from : turn.call.to;
}

function targetOf(turn: Turn, extension: string): ReturnType<Turn['context']['dialTarget']> {
  return turn.call.dials[extension] ?? turn.context.dialTarget(turn.call.tenant, extension);
}
