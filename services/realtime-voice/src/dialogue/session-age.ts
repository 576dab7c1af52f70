import type { SessionLimits } from '../engine/voice-engine.js';

/** How little a moment is disturbed by a change of session: nobody speaks and nothing is awaited; the agent is only being heard; in the middle of something. */
export type Moment = 'boundary' | 'playing' | 'busy';

/** Of the time between the limits, the last part in which a change while the agent is being heard is better than waiting. */
const LAST_PART = 0.25;

/** Limits of one conversation: the soft one up to a tenth earlier, so that calls that began together don't change together. @param random in [0, 1) */
export function limitsOf(limits: SessionLimits, random: number): SessionLimits {
  return { softMs: limits.softMs * (1 - 0.1 * random), hardMs: limits.hardMs };
}

/** True when the next session should be made ready. */
export function shouldWarm(limits: SessionLimits, ageMs: number): boolean {
  return ageMs >= limits.softMs;
}

/** True when a session of this age gives way now that the next one is ready. Pure. */
export function mayChange(limits: SessionLimits, ageMs: number, moment: Moment): boolean {
  if (ageMs < limits.softMs) return false;
  if (moment === 'boundary' || ageMs >= limits.hardMs) return true;
  return moment === 'playing' && ageMs >= limits.hardMs - (limits.hardMs - limits.softMs) * LAST_PART;
}
