import { Injectable } from '@nestjs/common';
import { Database } from '@troncal/persistence';
import { changeTenant, type Tenant, type TenantPatch } from './tenant.js';
import { TenantPublisher } from './tenants.publisher.js';
import { TenantRepository } from './tenants.repository.js';

/** Changes, suspends or reinstates a tenant; what is so already makes neither revision nor event. @throws PermanentError `unknown_tenant` */
@Injectable()
export class UpdateTenant {
  constructor(
    private readonly db: Database,
    private readonly tenants: TenantRepository,
    private readonly publisher: TenantPublisher,
  ) {}

  async run(code: string, patch: TenantPatch): Promise<Tenant> {
    return this.db.transaction(async (tx) => {
      const tenant = await this.tenants.lock(tx, code);
      const steps = changeTenant(tenant, patch);
      const last = steps.at(-1);
      if (!last) return tenant;
      await this.tenants.update(tx, last.tenant);
      for (const step of steps) await this.publisher.changed(tx, step);
      return last.tenant;
    });
  }
}
