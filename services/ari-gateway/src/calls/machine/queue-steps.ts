import type { BlockingAction } from '@troncal/callflow';
import type { Turn } from './turn.js';

/**
 * Puts the caller into a queue: a Local channel whose far half runs app_queue joins the bridge. CallQueued waits up to a second for the agent's
 * summary, the caller doesn't.
 */
export function enterQueue(turn: Turn, action: Extract<BlockingAction, { kind: 'queue' }>): void {
  const leg = turn.addLeg({ kind: 'queue', target: action.queue, step: action.step });
  // A caller who is put back into it after a crash has been waiting all the time.
  if (turn.call.waiting === null) turn.set({ waiting: { queue: action.queue, reason: action.reason, since: turn.context.now, said: false } });
  turn.do({ kind: 'dial_queue', leg, queue: action.queue }, { kind: 'timer', name: 'queue', step: action.step, ms: action.timeoutMs });
  if (turn.call.leftAgent !== null && turn.call.summary === null && turn.call.waiting?.said !== true) turn.do({ kind: 'ask_summary' });
  else tellQueued(turn);
}

/** States CallQueued, unless it was stated. */
export function tellQueued(turn: Turn): void {
  const { waiting, summary } = turn.call;
  if (!waiting || waiting.said) return;
  turn.set({ waiting: { ...waiting, said: true } });
  turn.state({ name: 'CallQueued', data: { queue: waiting.queue, reason: waiting.reason, ...(summary === null ? {} : { summary }) } });
}

/** The caller waits no longer: states QueueLeft, with CallQueued before it in any case. */
export function leaveQueue(turn: Turn, outcome: 'connected' | 'abandoned' | 'timeout' | 'no_members'): number {
  tellQueued(turn);
  const { waiting, summary, from } = turn.call;
  if (!waiting) return 0;
  const waitedMs = Math.max(0, turn.context.now - waiting.since);
  turn.state({ name: 'QueueLeft', data: { queue: waiting.queue, outcome, waitedMs, from, ...(summary === null ? {} : { summary }) } });
  turn.set({ waiting: null });
  turn.do({ kind: 'stop_timer', name: 'queue' });
  return waitedMs;
}

/** app_queue has put the caller together with a person. */
export function queueConnected(turn: Turn, legId: string, extension: string): void {
  const { flow, waiting } = turn.call;
  const leg = turn.call.legs.find((each) => each.legId === legId);
  if (!waiting || flow?.phase !== 'queue' || leg?.state === 'ended' || leg?.step !== flow.step) return;
  const waitedMs = leaveQueue(turn, 'connected');
  turn.set({ leftAgent: null });
  turn.setLeg(legId, { extension, connected: true });
  turn.state({ name: 'AgentConnected', data: { legId, extension, queue: waiting.queue, waitedMs } });
  if (leg) turn.do({ kind: 'rejoin', leg });
  turn.report({ input: { kind: 'queue_connected', step: flow.step } });
}

/** Nobody took the call: our own timeout, or app_queue's word. */
export function queueFailed(turn: Turn, step: number, outcome: 'timeout' | 'no_members'): void {
  const { flow } = turn.call;
  if (flow?.phase !== 'queue' || flow.step !== step) return;
  turn.drop(turn.otherLegs().filter((leg) => leg.kind === 'queue' && leg.step === step));
  leaveQueue(turn, outcome);
  turn.report({ input: { kind: 'queue_left', step, outcome } });
}
