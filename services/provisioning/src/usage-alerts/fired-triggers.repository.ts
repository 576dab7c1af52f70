import type { Tx } from '@troncal/persistence';
import type { Firing } from './firing.js';

/** Knows which firings were told. */
export abstract class FiredTriggerRepository {
  /** False when this one was told before. */
  abstract add(tx: Tx, firing: Firing): Promise<boolean>;
}
