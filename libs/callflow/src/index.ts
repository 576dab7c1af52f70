export { isBlocking, type BlockingAction, type FlowAction, type HangupAction, type HangupCause, type ImmediateAction, type QueueReason, type Spoken } from './flow-action.js';
export { clockAt, type FlowClock } from './flow-clock.js';
export type { FlowInput } from './flow-input.js';
export { activityOf, type FlowPhase, type FlowState } from './flow-state.js';
export { MAX_HOPS, MAX_MENUS, MAX_TYPED_AHEAD, type FlowStep } from './flow.js';
export { advance, divert, resume, start, startAt, startTalking, type FlowContext } from './interpreter.js';
export { DEFAULT_QUEUE, routeTo, type FlowTarget } from './ad-hoc-route.js';
export { allSpoken, type SpokenIn } from './spoken.js';
export { isNationalHoliday, nationalHolidays } from './holidays/national-holidays.js';
