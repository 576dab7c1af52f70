import type { Bridge } from './generated/bridges-models.js';
import type { Channel } from './generated/channels-models.js';
import type { AriResources } from './resources.js';

/** What Asterisk has at this moment. */
export interface AriSnapshot {
  /** All channels of this Asterisk, not only ours: a channel that fell back to the dialplan is there too. */
  readonly channels: readonly Channel[];
  readonly bridges: readonly Bridge[];
}

/**
 * Asks for everything at once. The two answers are not one instant: what changes between them arrives as events, so subscribe first and
 * treat both as hints that lead to the same state.
 */
export async function takeSnapshot(resources: AriResources): Promise<AriSnapshot> {
  const [channels, bridges] = await Promise.all([resources.channels.list(), resources.bridges.list()]);
  return { channels, bridges };
}
