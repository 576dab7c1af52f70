import { Injectable } from '@nestjs/common';
import { Database } from '@troncal/persistence';
import { RemoveEndpoint } from '../endpoints/remove-endpoint.js';
import { ReleaseNumber } from '../numbers/release-number.js';
import { DeleteRoute } from '../routes/delete-route.js';
import { TenantPublisher } from './tenants.publisher.js';
import { TenantRepository } from './tenants.repository.js';

/**
 * Deletes a tenant with all that belongs to it, in one transaction: its numbers, routes and endpoints each tell of their end, and
 * then the tenant does. @throws PermanentError `unknown_tenant`
 */
@Injectable()
export class DeleteTenant {
  constructor(
    private readonly db: Database,
    private readonly tenants: TenantRepository,
    private readonly publisher: TenantPublisher,
    private readonly numbers: ReleaseNumber,
    private readonly routes: DeleteRoute,
    private readonly endpoints: RemoveEndpoint,
  ) {}

  async run(code: string): Promise<void> {
    await this.db.transaction(async (tx) => {
      const tenant = await this.tenants.lock(tx, code);
      await this.numbers.all(tx, code);
      await this.routes.all(tx, code);
      await this.endpoints.all(tx, code);
      const ended = { ...tenant, revision: tenant.revision + 1 };
      await this.tenants.remove(tx, ended);
      await this.publisher.deleted(tx, ended);
    });
  }
}
