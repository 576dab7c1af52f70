import { resume } from '@troncal/callflow';
import type { Leg } from '../call.js';
import { agentAway, askAgain } from './agent-steps.js';
import { endCall } from './end-call.js';
import { apply, settle } from './follow-flow.js';
import { legGone, legUp } from './leg-steps.js';
import { tellQueued } from './queue-steps.js';
import { reownControl } from './reown-control.js';
import type { CallMessage } from './call-message.js';
import type { Turn } from './turn.js';
import { takesMessage } from './voicemail-steps.js';

/**
 * Takes the call up after the gateway's own death or a lost connection: events of the time between are lost, so what is there decides.
 * The caller gone → the call ended; other legs gone → as if told now; prompts and timers are begun anew. Nothing of it is heard by a caller who
 * talks with a person.
 */
export function reown(turn: Turn, { channels, legs, restarted }: Extract<CallMessage, { kind: 'reowned' }>): void {
  const there = (leg: Leg): boolean => Object.hasOwn(channels, leg.channelId) || !legs.includes(leg.channelId);
  const { primary } = turn;
  if (!there(primary)) return endCall(turn, { endedBy: primary.kind === 'caller' ? 'caller' : 'far_end', cause: 16, recovered: true });
  if (primary.kind !== 'caller' && turn.call.state === 'ringing') return reownPlaced(turn, channels[primary.channelId]);
  if (turn.call.state === 'answered') repeatUndone(turn, channels[primary.channelId]);
  const before = turn.call.flow?.step;
  for (const leg of [...turn.otherLegs(), ...turn.sideLegs()]) {
    if (!there(leg)) legGone(turn, { channelId: leg.channelId, cause: 16, recovered: true });
    else if (leg.state !== 'up' && channels[leg.channelId] === 'Up' && leg.kind !== 'media') legUp(turn, leg.channelId);
  }
  settle(turn);
  if (turn.over) return;
  reownControl(turn, restarted);
  tellQueued(turn);
  const { flow, route } = turn.call;
  if (!flow || flow.step !== before) return;
  const mine = turn.otherLegs().filter((leg) => leg.step === flow.step);
  switch (flow.phase) {
    case 'talking':
      if (!turn.call.held && !turn.call.consult) for (const leg of turn.otherLegs()) turn.do({ kind: 'join', leg });
      return;
    case 'agent':
      return reownAgent(turn, flow.step, restarted);
    case 'ring':
    case 'queue': {
      const node = route.nodes[flow.node];
      const timeoutMs = node?.kind === 'ring' || node?.kind === 'queue' ? node.timeoutMs : 30_000;
      if (mine.length === 0) break;
      for (const leg of mine) if (leg.state === 'up') turn.do({ kind: 'join', leg });
      if (turn.call.state === 'ringing') turn.do({ kind: 'indicate_ringing', channelId: primary.channelId });
      return turn.do({ kind: 'timer', name: flow.phase, step: flow.step, ms: timeoutMs });
    }
    case 'voicemail':
      if (takesMessage(turn, flow.step)) return;
      break;
    case 'notice':
    case 'announce':
    case 'menu_prompt':
    case 'menu_invalid':
    case 'menu_wait':
    case 'queue_prompt':
    case 'voicemail_prompt':
    case 'farewell':
    case 'ended':
      turn.do({ kind: 'stop_play', step: flow.step });
  }
  apply(turn, resume(route, flow, turn.clock));
}

/** Does again what a process may have stored and died before it did: all of it may be done twice. */
function repeatUndone(turn: Turn, state: string | undefined): void {
  const { primary } = turn;
  if (state !== 'Up') turn.do({ kind: 'answer', channelId: primary.channelId });
  turn.do({ kind: 'join', leg: primary });
  for (const { recordingId, state: at, channels = 'mono', pausedAt = null, voicemail } of turn.call.recordings) {
    if (at !== 'recording') continue;
    if (voicemail) {
      const { maxSeconds, silenceSeconds } = voicemail;
      turn.do({ kind: 'record', recordingId, channels, message: { maxSeconds, silenceSeconds } });
      continue;
    }
    turn.do({ kind: 'record', recordingId, channels });
    // It says what shall be: a process may have died before it was so, either way.
    turn.do({ kind: 'pause_record', recordingId, channels, paused: pausedAt !== null });
  }
}

function reownAgent(turn: Turn, step: number, restarted: boolean): void {
  const part = turn.call.agentPart;
  const leg = turn.otherLegs().find((each) => each.legId === part?.legId);
  if (!part || !turn.call.flow) return;
  if (!leg) return askAgain(turn, step, part.music);
  // A leg that was being attached when the gateway died: nobody waits for its entry any more.
  if (leg.state === 'created') {
    if (!restarted) return;
    turn.set({ agentPart: { ...part, awaySince: turn.context.now } });
    return agentAway(turn, leg.legId, false);
  }
  if (!turn.call.held && !turn.call.consult) turn.do({ kind: 'join', leg });
}

function reownPlaced(turn: Turn, state: string | undefined): void {
  if (state === 'Up') return legUp(turn, turn.primary.channelId);
  turn.do({ kind: 'timer', name: 'ring', step: 0, ms: 30_000 });
}
