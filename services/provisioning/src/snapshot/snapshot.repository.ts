import type { TenantSnapshot } from '@troncal/contracts';

/** Reads whole tenants. */
export abstract class SnapshotRepository {
  /** Up to `limit` tenants after this code, in order, all as of one moment. */
  abstract page(limit: number, after?: string): Promise<TenantSnapshot[]>;
}
