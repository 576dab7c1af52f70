import type { Route } from '@troncal/contracts';
import type { FlowClock } from './flow-clock.js';
import { Flow, type FlowStep } from './flow.js';
import type { FlowInput } from './flow-input.js';
import { activityOf, type FlowState } from './flow-state.js';
import type { SpokenIn } from './spoken.js';

/** What is known of a call when its flow begins. */
export interface FlowContext {
  /** The caller's leg is up already (an outbound call, or a transfer). */
  readonly answered: boolean;
  /** A recording is running already, so that it is neither announced nor begun again. */
  readonly recording?: boolean;
  /** Why this flow was begun; `transfer` marks its queues as such. */
  readonly reason?: 'route' | 'transfer';
  /** The last step number of the flow that this one replaces, so that late reports on that one can't be taken for this one's. */
  readonly afterStep?: number;
  /** What the caller chose in the flow that this one replaces, and goes on being spoken to in. */
  readonly spoken?: SpokenIn;
}

const DIGIT = /^[0-9*#A-D]$/;

/** Begins a route. Pure; never throws for a valid route. Ends with one blocking action in force, or ended. */
export function start(route: Route, context: FlowContext, clock: FlowClock): FlowStep {
  const flow = new Flow(route, beginning(route.start, context), clock);
  const { enabled, announcement } = route.recording;
  // The law wants the notice heard whole, so no digit cuts it short.
  if (enabled && announcement && !flow.now.recording) flow.say('notice', announcement, false);
  else flow.enter(route.start);
  return flow.done();
}

/**
 * Begins a route in its middle, where another rail's driver hands the call over: an agent or a queue, whose prompt has been said there and which is
 * in force at once, or any other node. Pure; never throws for a valid route. Nothing is announced or recorded that wasn't before.
 */
export function startAt(route: Route, node: string, context: FlowContext, clock: FlowClock): FlowStep {
  const flow = new Flow(route, beginning(node, context), clock);
  const handedOver = flow.node;
  if (handedOver?.kind === 'queue') flow.queue(handedOver);
  else if (handedOver?.kind === 'agent') flow.enterAgent(handedOver, false);
  else flow.enter(node);
  return flow.done();
}

/**
 * Takes one report of the driver. Pure; never throws; a report that does not fit the state (late, repeated, out of place) changes nothing
 * and gives no actions. At any time at most one blocking action is in force: a new one is given only after the old one's report or its `stop`.
 */
export function advance(route: Route, state: FlowState, input: FlowInput, clock: FlowClock): FlowStep {
  const flow = new Flow(route, state, clock);
  if (state.phase === 'ended') return flow.done();
  if ('step' in input && input.step !== state.step) return flow.done();
  switch (input.kind) {
    case 'hangup':
      stop(flow);
      flow.end('normal');
      break;
    case 'digit':
      if (DIGIT.test(input.digit)) onDigit(flow, input.digit);
      break;
    case 'said':
      onSaid(flow);
      break;
    case 'digit_timeout':
      onDigitTimeout(flow);
      break;
    case 'ring_answered':
      if (state.phase === 'ring') flow.talk();
      break;
    case 'ring_failed':
      if (state.phase === 'ring' && flow.node?.kind === 'ring') flow.enter(flow.node.onNoAnswer);
      break;
    case 'queue_connected':
      if (state.phase === 'queue') flow.talk();
      break;
    case 'queue_left':
      if (state.phase === 'queue' && flow.node?.kind === 'queue')
        flow.enter(input.outcome === 'no_members' ? (flow.node.onNoMembers ?? flow.node.onTimeout) : flow.node.onTimeout);
      break;
    case 'agent_failed':
      if (state.phase === 'agent' && flow.node?.kind === 'agent') flow.enter(flow.node.onFailed, 'agent_failed');
      break;
    case 'handoff':
      if (state.phase === 'agent' && flow.node?.kind === 'agent') {
        const target = flow.node.onHandoff;
        stop(flow);
        flow.enter(target, 'agent_request');
      }
      break;
    case 'voicemail_left':
      if (state.phase === 'voicemail' && flow.node?.kind === 'voicemail') flow.enter(input.recorded ? flow.node.next : (flow.node.onNothing ?? flow.node.next));
      break;
    case 'person_left':
      if (state.phase === 'talking') flow.end('normal');
      break;
  }
  return flow.done();
}

/**
 * Gives out again what a stored state was waiting for, under a new step number: after a crash of the driver, whose prompts, timers and legs
 * are gone. A menu's attempt is not counted twice. `talking` and `ended` give nothing.
 */
export function resume(route: Route, state: FlowState, clock: FlowClock): FlowStep {
  const flow = new Flow(route, state, clock);
  const node = flow.node;
  const { phase, hops, attempt } = state;
  if (phase === 'talking' || phase === 'ended') return flow.done();
  if (phase === 'notice' && route.recording.announcement) flow.say('notice', route.recording.announcement, false);
  else if (phase === 'agent' && node?.kind === 'agent') flow.enterAgent(node, true);
  else if (phase === 'queue' && node?.kind === 'queue') flow.queue(node);
  else if (phase === 'voicemail' && node?.kind === 'voicemail') flow.voicemail(node);
  else if (phase === 'menu_wait' && node?.kind === 'menu') flow.wait(node.timeoutMs);
  else if (node?.kind === 'menu') {
    flow.set({ attempt: Math.max(0, attempt - 1) });
    flow.promptMenu(node);
  } else {
    flow.set({ hops: Math.max(0, hops - 1) });
    flow.enter(state.node);
  }
  return flow.done();
}

/**
 * Takes a flow out of its route's hands: what is in force is stopped, the caller answered, and from now on with people, as after `ring_answered`. For what is
 * done to a call from outside: bridge, conference, park. Nothing for a flow that has ended.
 */
export function divert(route: Route, state: FlowState): FlowStep {
  const flow = new Flow(route, state);
  if (state.phase === 'ended') return flow.done();
  stop(flow);
  flow.talk();
  return flow.done();
}

/** A flow that has nothing to say and begins with people: a call that was made to pick another one up. */
export function startTalking(route: Route): FlowStep {
  const flow = new Flow(route, { node: route.start, phase: 'notice', step: 0, attempt: 0, hops: 0, answered: false, recording: false, reason: 'route' });
  flow.talk();
  return flow.done();
}

function beginning(node: string, { afterStep = 0, answered, recording = false, reason = 'route', spoken }: FlowContext): FlowState {
  return { node, phase: 'notice', step: afterStep, attempt: 0, hops: 0, answered, recording, reason, ...chosen(spoken) };
}

function chosen(spoken: SpokenIn | undefined): Pick<FlowState, 'language' | 'locale'> {
  return spoken ? { language: spoken.language, ...(spoken.locale === undefined ? {} : { locale: spoken.locale }) } : {};
}

function stop(flow: Flow): void {
  const activity = activityOf[flow.now.phase];
  if (activity) flow.actions.push({ kind: 'stop', activity, step: flow.now.step });
}

function onDigit(flow: Flow, digit: string): void {
  const node = flow.node;
  switch (flow.now.phase) {
    case 'menu_prompt':
    case 'menu_invalid':
    case 'menu_wait':
      if (node?.kind !== 'menu') return;
      stop(flow);
      return flow.choose(node, digit);
    case 'announce':
      if (node?.kind !== 'announce') return;
      stop(flow);
      flow.typeAhead(digit);
      return flow.enter(node.next);
    case 'agent': {
      const target = node?.kind === 'agent' && Object.hasOwn(node.digits, digit) ? node.digits[digit] : undefined;
      if (target === undefined) return;
      stop(flow);
      flow.set({ hops: 0 });
      return flow.enter(target, 'digit');
    }
    case 'notice':
      return flow.typeAhead(digit);
    case 'ring':
    case 'queue_prompt':
    case 'queue':
    case 'voicemail_prompt':
    case 'voicemail':
    case 'farewell':
    case 'talking':
    case 'ended':
      return;
  }
}

function onSaid(flow: Flow): void {
  const node = flow.node;
  switch (flow.now.phase) {
    case 'notice':
      flow.record(true);
      return flow.enter(flow.route.start);
    case 'announce':
      if (node?.kind === 'announce') flow.enter(node.next);
      return;
    case 'menu_prompt':
      if (node?.kind === 'menu') flow.wait(node.timeoutMs);
      return;
    case 'menu_invalid':
      if (node?.kind === 'menu') flow.promptMenu(node);
      return;
    case 'queue_prompt':
      if (node?.kind === 'queue') flow.queue(node);
      return;
    case 'voicemail_prompt':
      if (node?.kind === 'voicemail') flow.voicemail(node);
      return;
    case 'farewell':
      if (node?.kind === 'hangup') flow.end(node.cause);
      return;
    case 'menu_wait':
    case 'ring':
    case 'queue':
    case 'agent':
    case 'voicemail':
    case 'talking':
    case 'ended':
      return;
  }
}

function onDigitTimeout(flow: Flow): void {
  const node = flow.node;
  if (flow.now.phase !== 'menu_wait' || node?.kind !== 'menu') return;
  if (flow.now.attempt < node.attempts) flow.promptMenu(node);
  else flow.enter(node.onTimeout, 'route');
}
