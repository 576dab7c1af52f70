import { isGone } from './ari-error.js';
import type { Application } from './generated/applications-models.js';
import type { Bridge } from './generated/bridges-models.js';
import type { Channel } from './generated/channels-models.js';
import type { AriResources } from './resources.js';

/** What Asterisk has at this moment. */
export interface AriSnapshot {
  /** Ours, with the ids of the channels, bridges and endpoints it is subscribed to; null right after Asterisk's restart. */
  readonly application: Application | null;
  /** All channels of this Asterisk, not only ours: a channel that fell back to the dialplan is there too. */
  readonly channels: readonly Channel[];
  readonly bridges: readonly Bridge[];
  /** Names of the finished recordings in Asterisk's spool. */
  readonly recordings: readonly string[];
}

/**
 * Asks for everything at once. The four answers are not one instant: what changes between them arrives as events, so subscribe first and
 * treat both as hints that lead to the same state.
 */
export async function takeSnapshot(resources: AriResources, app: string): Promise<AriSnapshot> {
  const [application, channels, bridges, recordings] = await Promise.all([
    resources.applications.get({ applicationName: app }).catch((error: unknown) => {
      if (isGone(error)) return null;
      throw error;
    }),
    resources.channels.list(),
    resources.bridges.list(),
    resources.recordings.listStored(),
  ]);
  return { application, channels, bridges, recordings: recordings.map((recording) => recording.name) };
}
