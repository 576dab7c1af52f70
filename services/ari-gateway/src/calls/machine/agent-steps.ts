import type { BlockingAction } from '@troncal/callflow';
import type { Leg } from '../call.js';
import type { Turn } from './turn.js';

/** Waits between attempts to have the agent (back), ms: 20 s in all, longer than a process takes to be replaced. */
export const AGENT_RETRY_MS: readonly number[] = [100, 250, 500, 1_000, 2_000, 2_000, 3_000, 3_000, 4_000, 4_000];
/** From this failed attempt in a row on the caller hears music: the first gap is too short for it. */
const MUSIC_FROM = 2;
/** After this long in the call an agent's loss counts as a new one, ms. */
const STEADY_MS = 10_000;

/** Asks for an agent and its media leg. */
export function startAgent(turn: Turn, action: Extract<BlockingAction, { kind: 'agent' }>): void {
  attach(turn, action.agent, action.step, { tries: 0, resume: action.resume });
}

/** The agent's leg is in the bridge. */
export function agentJoined(turn: Turn, leg: Leg): void {
  const part = turn.call.agentPart;
  if (part?.legId !== leg.legId) return turn.drop([leg]);
  if (part.tries >= MUSIC_FROM) turn.do({ kind: 'hold_music', on: false });
  turn.set({ agentPart: { ...part, resume: true } });
}

/**
 * The agent could not be had, or its process died: the caller stays, and after a wait the agent is asked for again under a new leg id.
 * After the last try the route's onFailed decides.
 */
export function agentAway(turn: Turn, legId: string, hopeless: boolean): void {
  const { agentPart: part, flow } = turn.call;
  if (!part || part.legId !== legId || flow?.phase !== 'agent') return;
  const leg = turn.call.legs.find((each) => each.legId === legId);
  turn.drop(leg && leg.state !== 'ended' ? [leg] : []);
  const steady = leg?.upAt !== undefined && turn.context.now - leg.upAt >= STEADY_MS;
  const tries = steady ? 1 : part.tries + 1;
  const wait = AGENT_RETRY_MS[tries - 1];
  if (hopeless || wait === undefined) {
    turn.set({ agentPart: null });
    if (part.tries >= MUSIC_FROM) turn.do({ kind: 'hold_music', on: false });
    return turn.report({ input: { kind: 'agent_failed', step: flow.step } });
  }
  turn.set({ agentPart: { ...part, tries } });
  // A caller who hears nothing at all hangs up.
  if (tries === MUSIC_FROM) turn.do({ kind: 'hold_music', on: true });
  turn.do({ kind: 'timer', name: 'agent_retry', step: flow.step, ms: wait });
}

/**
 * The agent's process stops in good order, between two turns: the agent is asked for again at once, with no wait, no music and no failure counted. A leg
 * that has never been heard is as good as a failed one.
 */
export function agentLeaving(turn: Turn, legId: string): void {
  const { agentPart: part, flow } = turn.call;
  if (!part || part.legId !== legId || flow?.phase !== 'agent') return;
  const leg = turn.call.legs.find((each) => each.legId === legId);
  if (leg?.state !== 'up') return agentAway(turn, legId, false);
  turn.drop([leg]);
  attach(turn, part.agent, flow.step, { tries: 0, resume: true });
}

/** The wait is over: the next attempt. */
export function retryAgent(turn: Turn, step: number): void {
  const { agentPart: part, flow } = turn.call;
  if (!part || flow?.phase !== 'agent' || flow.step !== step) return;
  if (turn.otherLegs().some((leg) => leg.legId === part.legId)) return;
  // Nobody would hear it; the resume asks for it.
  if (turn.call.held || turn.call.consult) return;
  attach(turn, part.agent, step, part);
}

/** Takes the agent out of the call, at once and without its help. */
export function stopAgent(turn: Turn, reason: 'handoff' | 'detached'): void {
  const part = turn.call.agentPart;
  if (part && part.tries >= MUSIC_FROM) turn.do({ kind: 'hold_music', on: false });
  turn.drop(turn.otherLegs().filter((leg) => leg.kind === 'media'));
  turn.set({ agentPart: null });
  turn.do({ kind: 'stop_timer', name: 'agent_retry' }, { kind: 'detach_agent', reason });
}

function attach(turn: Turn, agent: string, step: number, { tries, resume }: { readonly tries: number; readonly resume: boolean }): void {
  const leg = turn.addLeg({ kind: 'media', target: agent, step });
  turn.set({ agentPart: { agent, legId: leg.legId, tries, resume } });
  turn.do({ kind: 'attach_agent', leg, agent, resume });
}
