import { Injectable } from '@nestjs/common';
import { TenantCreatedV1, TenantDeletedV1, TenantUpdatedV1 } from '@troncal/contracts';
import { ConsumesEvents, isEvent, type ConsumedEvent, type Delivery } from '@troncal/messaging';
import { TenantProjection } from './tenants.repository.js';

type TenantEvent = ConsumedEvent<typeof TenantCreatedV1 | typeof TenantUpdatedV1 | typeof TenantDeletedV1>;

/** Keeps what this service knows of tenants as provisioning tells it. */
@Injectable()
export class OnTenant {
  constructor(private readonly tenants: TenantProjection) {}

  @ConsumesEvents([TenantCreatedV1, TenantUpdatedV1, TenantDeletedV1])
  async handle(event: TenantEvent, { tx }: Delivery): Promise<void> {
    const tenant = event.tenantid;
    if (isEvent(TenantCreatedV1, event) || isEvent(TenantUpdatedV1, event)) {
      const { name, country, language, timeZone, revision } = event.data;
      await this.tenants.keep(tx, { tenant, name, country, language, timeZone, revision });
    } else await this.tenants.keepRemoved(tx, tenant, event.data.revision);
  }
}
