import { advance, start, startAt, type FlowAction, type FlowContext, type FlowInput, type FlowStep } from '@troncal/callflow';
import { localeIn, type Route } from '@troncal/contracts';
import { runningRecording, type Call } from '../call.js';
import { startAgent, stopAgent } from './agent-steps.js';
import { endByRoute } from './end-call.js';
import { releaseHold } from './hold-steps.js';
import { enterQueue, leaveQueue } from './queue-steps.js';
import { startRecording } from './recording-steps.js';
import { startRinging, stopRinging } from './ring-steps.js';
import { startVoicemail, stopVoicemail } from './voicemail-steps.js';
import type { Answerer, Reroute, Turn } from './turn.js';

/** Feeds one report to the route's flow and does what it says. */
export function follow(turn: Turn, input: FlowInput): void {
  turn.report({ input });
  settle(turn);
}

/** Feeds the flow whatever is owed to it, and what comes of that. */
export function settle(turn: Turn): void {
  for (let report = turn.takeReport(); report; report = turn.takeReport()) {
    const { flow, route } = turn.call;
    if (turn.over || !flow) continue;
    // An agent that is given up while the caller is on hold: the route goes on.
    if (report.input.kind === 'agent_failed') releaseHold(turn);
    if (report.reroute) reroute(turn, report.reroute);
    else apply(turn, advance(route, flow, report.input, turn.clock), report.answerer);
    turn.do(...(report.afterwards ?? []));
  }
}

/** Begins a route on this call, at its start or in another one's place. */
export function beginFlow(turn: Turn, route: Route, context: Pick<FlowContext, 'reason'>): void {
  const { flow, state, carries } = turn.call;
  turn.set({ route });
  const whole: FlowContext = {
    answered: state === 'answered',
    // What Twilio's rail hands over it records itself, from the notice on.
    recording: runningRecording(turn.call) !== undefined || carries !== undefined,
    afterStep: flow?.step ?? 0,
    ...spokenBefore(turn.call),
    ...context,
  };
  apply(turn, carries && flow === null ? startAt(route, carries.node, whole, turn.clock) : start(route, whole, turn.clock));
}

function spokenBefore({ flow, carries }: Pick<Call, 'flow' | 'carries'>): Pick<FlowContext, 'spoken'> {
  if (flow?.language) return { spoken: { language: flow.language, locale: flow.locale } };
  return flow === null && carries ? { spoken: { language: carries.language } } : {};
}

function reroute(turn: Turn, { route, routeRef, reason }: Reroute): void {
  turn.set({ routeRef });
  beginFlow(turn, route, { reason });
}

/** Stores the flow's new state and turns its actions into effects. */
export function apply(turn: Turn, step: FlowStep, answerer?: Answerer): void {
  turn.set({ flow: step.state, language: step.state.language ?? turn.call.route.language });
  for (const action of step.actions) {
    if (turn.over) return;
    act(turn, action, answerer);
  }
}

function act(turn: Turn, action: FlowAction, answerer: Answerer | undefined): void {
  switch (action.kind) {
    case 'answer':
      return answer(turn, answerer);
    case 'record':
      return startRecording(turn, turn.context.newId(), action.announced);
    case 'stop':
      return stop(turn, action);
    case 'say':
      return turn.do({ kind: 'play', step: action.step, text: action.text, language: action.locale ?? localeIn(action.language, turn.context.home(turn.call.tenant).country) });
    case 'collect':
      return turn.do({ kind: 'timer', name: 'digit', step: action.step, ms: action.timeoutMs });
    case 'ring':
      tellHandedOver(turn, 'endpoint', action.extensions.join(','));
      return startRinging(turn, action);
    case 'queue':
      tellHandedOver(turn, 'queue', action.queue);
      return enterQueue(turn, action);
    case 'agent':
      return startAgent(turn, action);
    case 'voicemail':
      return startVoicemail(turn, action);
    case 'hangup':
      return endByRoute(turn, action.cause);
  }
}

function answer(turn: Turn, answerer: Answerer | undefined): void {
  const { call, primary, context } = turn;
  if (call.state !== 'ringing') return;
  turn.set({ state: 'answered', answeredAt: context.now });
  turn.setLeg(primary.legId, { state: 'up', upAt: context.now });
  turn.do({ kind: 'answer', channelId: primary.channelId });
  turn.state({ name: 'CallAnswered', data: { legId: primary.legId, by: answerer?.by ?? 'route', answeredBy: answerer?.answeredBy ?? call.routeRef?.code ?? call.to } });
}

function stop(turn: Turn, action: Extract<FlowAction, { kind: 'stop' }>): void {
  switch (action.activity) {
    case 'say':
      return turn.do({ kind: 'stop_play', step: action.step });
    case 'collect':
      return turn.do({ kind: 'stop_timer', name: 'digit' });
    case 'ring':
      turn.drop(turn.otherLegs().filter((leg) => leg.step === action.step));
      return stopRinging(turn, action.step);
    case 'queue':
      turn.drop(turn.otherLegs().filter((leg) => leg.kind === 'queue'));
      leaveQueue(turn, 'abandoned');
      return;
    case 'voicemail':
      return stopVoicemail(turn, action.step);
    case 'agent':
      return stopAgent(turn, 'handoff');
  }
}

/** The caller goes from the agent to people: stated where the way leads to them. */
function tellHandedOver(turn: Turn, kind: 'endpoint' | 'queue', target: string): void {
  const requestedBy = turn.call.leftAgent;
  if (requestedBy === null) return;
  turn.state({ name: 'CallTransferred', data: { kind, target, requestedBy } });
}
