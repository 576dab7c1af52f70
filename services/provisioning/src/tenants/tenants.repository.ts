import type { Tx } from '@troncal/persistence';
import type { Tenant } from './tenant.js';

/** A page of tenants in order of their code. */
export interface TenantPage {
  readonly limit: number;
  /** The code after which it begins. */
  readonly after?: string | undefined;
  /** Only this tenant: what a key of one tenant may see. */
  readonly only?: string | undefined;
}

/** Keeps tenants. */
export abstract class TenantRepository {
  abstract find(code: string): Promise<Tenant | undefined>;
  abstract list(page: TenantPage): Promise<Tenant[]>;
  /** Codes of those that are suspended. */
  abstract suspended(): Promise<ReadonlySet<string>>;
  /**
   * Locks the tenant until the transaction ends. Whoever changes anything of a tenant does this first: what is read afterwards
   * stays so until commit. @throws PermanentError `unknown_tenant`
   */
  abstract lock(tx: Tx, code: string): Promise<Tenant>;
  /** The revision at which a tenant of this code was deleted, 0 if there never was one. */
  abstract pastRevision(tx: Tx, code: string): Promise<number>;
  /** False when the code is taken. */
  abstract insert(tx: Tx, tenant: Tenant): Promise<boolean>;
  abstract update(tx: Tx, tenant: Tenant): Promise<void>;
  /** @param tenant as it stood, with the revision that tells of its end */
  abstract remove(tx: Tx, tenant: Tenant): Promise<void>;
}
