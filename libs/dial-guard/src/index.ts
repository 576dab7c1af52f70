export { affords, billedMinutes, type BudgetCaps, type BudgetFacts, type BudgetRate, type BudgetUse, type BudgetVerdict, type CapName } from './budget.js';
export { decide } from './decide.js';
export type { Denial, DenialReason, DialDecision, DialDestination, DialFacts, DialRequest, TrunkFacts } from './decision.js';
export { readDialled, shownDialled, type Dialled } from './dialled.js';
export { isEmergencyNumber } from './emergency.js';
export { classOf, type NumberClass } from './number-class.js';
export { spokenFor, type Spoken } from './spoken.js';
