import type { DriftView } from '@troncal/contracts';
import type { Tx } from '@troncal/persistence';

/** Keeps what the last look at each environment found. */
export abstract class DriftRepository {
  abstract find(environment: string): Promise<DriftView | undefined>;
  /** @returns the differences of the look before */
  abstract replace(tx: Tx, view: DriftView): Promise<DriftView['differences'] | undefined>;
}
