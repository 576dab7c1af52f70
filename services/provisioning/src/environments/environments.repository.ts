import type { Tx } from '@troncal/persistence';
import type { Environment } from './environment.js';

export interface EnvironmentUse {
  readonly tenants: number;
  readonly numbers: number;
  readonly subaccounts: number;
}

/** Keeps environments. */
export abstract class EnvironmentRepository {
  abstract find(name: string): Promise<Environment | undefined>;
  /** By name. */
  abstract list(): Promise<Environment[]>;
  /** How many tenants are declared in each, by name. */
  abstract tenants(): Promise<ReadonlyMap<string, number>>;
  /** Locked until the transaction ends. */
  abstract lock(tx: Tx, name: string): Promise<Environment | undefined>;
  abstract isFirst(tx: Tx): Promise<boolean>;
  abstract use(tx: Tx, name: string): Promise<EnvironmentUse>;
  /** @throws PermanentError `domain_in_use` */
  abstract save(tx: Tx, environment: Environment): Promise<void>;
  abstract remove(tx: Tx, name: string): Promise<void>;
}
