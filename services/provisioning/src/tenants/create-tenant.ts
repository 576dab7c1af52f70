import { Injectable } from '@nestjs/common';
import { Database } from '@troncal/persistence';
import type { Tenant } from './tenant.js';
import { tenantExists } from './tenants.errors.js';
import { TenantPublisher } from './tenants.publisher.js';
import { TenantRepository } from './tenants.repository.js';

/** What a new tenant begins with. */
export type NewTenant = Pick<Tenant, 'code' | 'name' | 'country' | 'language' | 'timeZone'>;

/** Creates a tenant. @throws PermanentError `tenant_exists` */
@Injectable()
export class CreateTenant {
  constructor(
    private readonly db: Database,
    private readonly tenants: TenantRepository,
    private readonly publisher: TenantPublisher,
  ) {}

  async run(wanted: NewTenant): Promise<Tenant> {
    return this.db.transaction(async (tx) => {
      const tenant: Tenant = { ...wanted, suspended: null, revision: (await this.tenants.pastRevision(tx, wanted.code)) + 1, createdAt: new Date() };
      if (!(await this.tenants.insert(tx, tenant))) throw tenantExists(wanted.code);
      await this.publisher.created(tx, tenant);
      return tenant;
    });
  }
}
