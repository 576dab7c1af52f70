import type { Queryable } from '@troncal/persistence';
import type { KnownTenant } from './tenant.js';

/** Keeps the projection of provisioning’s tenants; of two things told about a tenant the one with the higher revision stays. */
export abstract class TenantProjection {
  /** Undefined for one that never was or is removed. */
  abstract find(tenant: string): Promise<KnownTenant | undefined>;
  abstract keep(db: Queryable, tenant: KnownTenant): Promise<void>;
  abstract keepRemoved(db: Queryable, tenant: string, revision: number): Promise<void>;
}
