import type { BlockingAction } from '@troncal/callflow';
import type { AgentPart, Leg } from '../call.js';
import type { Turn } from './turn.js';

/** Waits between attempts to have the agent (back), ms; the last one is repeated. Short, since a caller waits, and an attempt that nobody answers costs nothing. */
export const AGENT_RETRY_MS: readonly number[] = [100, 250, 500, 1_000];
/** From this failed attempt in a row on the caller hears music: the first gap is too short for it. */
const MUSIC_FROM = 2;
/** A caller has had an agent who stayed this long, ms: one who goes sooner is a failed attempt. */
export const HAD_AGENT_MS = 2_000;
/** So long without an agent the caller is kept and attempts go on, ms: longer than a process takes to be replaced, even a frozen one that has to be found out first. */
export const AGENT_PATIENCE_MS = 30_000;
/** An agent who was there and is lost more often than this within a minute is none: what breaks it again and again may be this very conversation. */
export const AGENT_LOSSES_A_MINUTE = 12;
const MINUTE_MS = 60_000;

/** Asks for an agent and its media leg. */
export function startAgent(turn: Turn, action: Extract<BlockingAction, { kind: 'agent' }>): void {
  attach(turn, action.step, { agent: action.agent, tries: 0, resume: action.resume, awaySince: turn.context.now, lossesAt: [], music: false });
}

/** The agent's leg is in the bridge. */
export function agentJoined(turn: Turn, leg: Leg): void {
  const part = turn.call.agentPart;
  if (part?.legId !== leg.legId) return turn.drop([leg]);
  if (part.music) turn.do({ kind: 'hold_music', on: false });
  turn.set({ agentPart: { ...part, resume: true, music: false } });
}

/**
 * The agent could not be had, or its process died: the caller stays, and after a wait the agent is asked for again under a new leg id. Not counted but timed:
 * a loss begins the time anew for a caller who had an agent. When it is over, or losses come too often, the route's onFailed decides.
 */
export function agentAway(turn: Turn, legId: string, hopeless: boolean): void {
  const { agentPart: before, flow } = turn.call;
  if (!before || before.legId !== legId || flow?.phase !== 'agent') return;
  const leg = turn.call.legs.find((each) => each.legId === legId);
  turn.drop(leg && leg.state !== 'ended' ? [leg] : []);
  const part = afterLoss(before, leg, turn.context.now);
  const waitMs = AGENT_RETRY_MS[Math.min(part.tries, AGENT_RETRY_MS.length) - 1] ?? 0;
  const tired = turn.context.now + waitMs - part.awaySince > AGENT_PATIENCE_MS || part.lossesAt.length > AGENT_LOSSES_A_MINUTE;
  if (hopeless || tired) {
    turn.set({ agentPart: null });
    if (part.music) turn.do({ kind: 'hold_music', on: false });
    return turn.report({ input: { kind: 'agent_failed', step: flow.step } });
  }
  // A caller who hears nothing at all hangs up.
  const music = part.tries >= MUSIC_FROM;
  turn.set({ agentPart: { ...part, music } });
  if (music && !part.music) turn.do({ kind: 'hold_music', on: true });
  turn.do({ kind: 'timer', name: 'agent_retry', step: flow.step, ms: waitMs });
}

function afterLoss(part: AgentPart, leg: Leg | undefined, now: number): AgentPart {
  if (leg?.upAt === undefined || now - leg.upAt < HAD_AGENT_MS) return { ...part, tries: part.tries + 1 };
  return { ...part, tries: 1, awaySince: now, lossesAt: [...part.lossesAt.filter((at) => now - at < MINUTE_MS), now] };
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
  attach(turn, flow.step, { ...part, tries: 0, resume: true, awaySince: turn.context.now });
}

/** The wait is over: the next attempt. */
export function retryAgent(turn: Turn, step: number): void {
  const { agentPart: part, flow } = turn.call;
  if (!part || flow?.phase !== 'agent' || flow.step !== step) return;
  if (turn.otherLegs().some((leg) => leg.legId === part.legId)) return;
  // Nobody would hear it; the resume asks for it.
  if (turn.call.held || turn.call.consult) return;
  attach(turn, step, part);
}

/** Nobody has asked for the agent for a while, because the caller was on hold or we were dead: that time is not held against it. */
export function askAgain(turn: Turn, step: number, music: boolean): void {
  const part = turn.call.agentPart;
  if (part) turn.set({ agentPart: { ...part, awaySince: turn.context.now, music } });
  retryAgent(turn, step);
}

/** Takes the agent out of the call, at once and without its help. */
export function stopAgent(turn: Turn, reason: 'handoff' | 'detached'): void {
  const part = turn.call.agentPart;
  if (part?.music) turn.do({ kind: 'hold_music', on: false });
  turn.drop(turn.otherLegs().filter((leg) => leg.kind === 'media'));
  turn.set({ agentPart: null });
  turn.do({ kind: 'stop_timer', name: 'agent_retry' }, { kind: 'detach_agent', reason });
}

function attach(turn: Turn, step: number, part: Omit<AgentPart, 'legId'>): void {
  const leg = turn.addLeg({ kind: 'media', target: part.agent, step });
  turn.set({ agentPart: { ...part, legId: leg.legId } });
  turn.do({ kind: 'attach_agent', leg, agent: part.agent, resume: part.resume });
}
