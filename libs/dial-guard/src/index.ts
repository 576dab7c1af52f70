export { decide } from './decide.js';
export type { DenialReason, DialDecision, DialDestination, DialFacts, DialRequest, TrunkFacts } from './decision.js';
export { isEmergencyNumber } from './emergency.js';
