import type { Turn } from './turn.js';

/** The extension of whom the caller talks with; undefined for an agent, a number outside, or nobody. */
export function personOf(turn: Turn): string | undefined {
  const leg = turn.otherLegs().find((each) => each.state === 'up' && (each.kind === 'endpoint' || each.kind === 'queue'));
  return leg?.kind === 'endpoint' ? leg.target : leg?.extension;
}
