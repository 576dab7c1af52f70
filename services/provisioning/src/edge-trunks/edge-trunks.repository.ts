import type { Queryable, Tx } from '@troncal/persistence';
import type { EdgeTrunk } from './edge-trunk.js';

/** Keeps the passwords with which Twilio's rail calls our Asterisk. */
export abstract class EdgeTrunkRepository {
  /** All that ever were, by environment. */
  abstract list(from?: Queryable): Promise<EdgeTrunk[]>;
  /** Locked until the transaction ends. */
  abstract lock(tx: Tx, environment: string): Promise<EdgeTrunk | undefined>;
  abstract save(tx: Tx, trunk: EdgeTrunk): Promise<void>;
}
