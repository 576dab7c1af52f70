import type { Queryable, Tx } from '@troncal/persistence';
import type { DeclaredTenant } from './declared-tenant.js';

/** Keeps declarations. */
export abstract class DeclarationRepository {
  abstract find(environment: string, tenant: string): Promise<DeclaredTenant | undefined>;
  /** In order of their code; all of the environment unless named. */
  abstract list(environment: string, tenants?: readonly string[], from?: Queryable): Promise<DeclaredTenant[]>;
  /** Those of an environment, locked until the transaction ends, by code. */
  abstract lock(tx: Tx, environment: string, tenants: readonly string[]): Promise<ReadonlyMap<string, DeclaredTenant>>;
  /** One statement, however many they are. */
  abstract save(tx: Tx, ...tenants: readonly DeclaredTenant[]): Promise<void>;
  abstract remove(tx: Tx, environment: string, tenants: readonly string[]): Promise<void>;
  /** That tenants of any environment may call, in alphabetical order; not of those that are leaving, or have a subaccount. */
  abstract countries(from?: Queryable): Promise<string[]>;
  /** How many of an environment say nothing of their placement. */
  abstract unplaced(tx: Tx, environment: string): Promise<number>;
  /** Which of these are declared in any environment. */
  abstract anywhere(tx: Tx, tenants: readonly string[]): Promise<ReadonlySet<string>>;
}
