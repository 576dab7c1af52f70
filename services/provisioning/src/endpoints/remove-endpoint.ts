import { Injectable } from '@nestjs/common';
import { Database, type Tx } from '@troncal/persistence';
import { TenantRepository } from '../tenants/tenants.repository.js';
import type { Endpoint } from './endpoint.js';
import { unknownEndpoint } from './endpoints.errors.js';
import { EndpointPublisher } from './endpoints.publisher.js';
import { EndpointRepository } from './endpoints.repository.js';

/** Removes endpoints: their phones can no longer register. */
@Injectable()
export class RemoveEndpoint {
  constructor(
    private readonly db: Database,
    private readonly tenants: TenantRepository,
    private readonly endpoints: EndpointRepository,
    private readonly publisher: EndpointPublisher,
  ) {}

  /** @throws PermanentError `unknown_tenant`, `unknown_endpoint` */
  async one(tenant: string, extension: string): Promise<void> {
    await this.db.transaction(async (tx) => {
      await this.tenants.lock(tx, tenant);
      const endpoint = await this.endpoints.findIn(tx, tenant, extension);
      if (!endpoint) throw unknownEndpoint(tenant, extension);
      await this.end(tx, endpoint);
    });
  }

  /** Every one of a tenant, which the transaction has locked. */
  async all(tx: Tx, tenant: string): Promise<void> {
    for (const endpoint of await this.endpoints.listIn(tx, tenant)) await this.end(tx, endpoint);
  }

  private async end(tx: Tx, endpoint: Endpoint): Promise<void> {
    const ended = { ...endpoint, revision: endpoint.revision + 1 };
    await this.endpoints.remove(tx, ended);
    await this.publisher.removed(tx, ended);
  }
}
