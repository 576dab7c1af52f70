import { Injectable } from '@nestjs/common';
import type { TenantSnapshot } from '@troncal/contracts';
import { SnapshotRepository } from './snapshot.repository.js';

/** A page of whole tenants; `next` is there when more follow. */
export interface SnapshotPage {
  readonly tenants: TenantSnapshot[];
  readonly next?: string;
}

/** A page holds no more than this, unless its first tenant alone does: a NATS message may hold 1 MiB (max_payload). */
const PAGE_BYTES = 512 * 1024;

/** Reads whole tenants for other services’ projections, in order of their code, each page as of one moment. */
@Injectable()
export class ReadSnapshot {
  constructor(private readonly snapshots: SnapshotRepository) {}

  async run(limit: number, after?: string): Promise<SnapshotPage> {
    const found = await this.snapshots.page(limit + 1, after);
    const tenants = fitting(found.slice(0, limit));
    const last = tenants.at(-1);
    return tenants.length < found.length && last ? { tenants, next: last.tenant } : { tenants };
  }
}

function fitting(tenants: readonly TenantSnapshot[]): TenantSnapshot[] {
  let bytes = 0;
  const end = tenants.findIndex((tenant, index) => {
    bytes += Buffer.byteLength(JSON.stringify(tenant));
    return index > 0 && bytes > PAGE_BYTES;
  });
  return tenants.slice(0, end === -1 ? tenants.length : end);
}
