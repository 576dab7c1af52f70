import { Injectable } from '@nestjs/common';
import { TenantCreatedV1, TenantDeletedV1, TenantSuspendedV1, TenantUpdatedV1 } from '@troncal/contracts';
import { Outbox, type Tx } from '@troncal/persistence';
import type { Tenant, TenantStep } from './tenant.js';

/** States what becomes true of a tenant, in the transaction that makes it so. */
@Injectable()
export class TenantPublisher {
  constructor(private readonly outbox: Outbox) {}

  async created(tx: Tx, tenant: Tenant): Promise<void> {
    const { name, country, language, timeZone, revision } = tenant;
    await this.outbox.emit(tx, TenantCreatedV1, { ...aggregate(tenant), data: { name, country, language, timeZone, revision } });
  }

  async changed(tx: Tx, step: TenantStep): Promise<void> {
    const { name, country, language, timeZone, revision, suspended } = step.tenant;
    if (step.fact === 'suspended') await this.outbox.emit(tx, TenantSuspendedV1, { ...aggregate(step.tenant), data: { reason: step.reason, revision } });
    else await this.outbox.emit(tx, TenantUpdatedV1, { ...aggregate(step.tenant), data: { name, country, language, timeZone, suspended: suspended !== null, revision } });
  }

  /** @param tenant with the revision that tells of its end */
  async deleted(tx: Tx, tenant: Tenant): Promise<void> {
    await this.outbox.emit(tx, TenantDeletedV1, { ...aggregate(tenant), data: { revision: tenant.revision } });
  }
}

const aggregate = (tenant: Tenant): { readonly tenant: string; readonly subject: string } => ({ tenant: tenant.code, subject: tenant.code });
