import type { Tx } from '@troncal/persistence';
import type { AssignedNumber } from './number.js';

/** Keeps numbers. What takes a transaction wants the tenant locked in it. */
export abstract class NumberRepository {
  abstract find(tenant: string, number: string): Promise<AssignedNumber | undefined>;
  /** In order of their digits. */
  abstract list(tenant: string): Promise<AssignedNumber[]>;
  /** The number whoever has it; locked until the transaction ends. */
  abstract lock(tx: Tx, number: string): Promise<AssignedNumber | undefined>;
  abstract listIn(tx: Tx, tenant: string): Promise<AssignedNumber[]>;
  /** The numbers that lead to a route. */
  abstract leadingTo(tx: Tx, tenant: string, route: string): Promise<string[]>;
  abstract pastRevision(tx: Tx, number: string): Promise<number>;
  /** False when somebody took the number in this moment. */
  abstract insert(tx: Tx, number: AssignedNumber): Promise<boolean>;
  abstract update(tx: Tx, number: AssignedNumber): Promise<void>;
  /** @param number as it stood, with the revision that tells of its end */
  abstract remove(tx: Tx, number: AssignedNumber): Promise<void>;
}
