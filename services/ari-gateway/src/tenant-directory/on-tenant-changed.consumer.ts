import { Inject, Injectable } from '@nestjs/common';
import {
  CredentialRotatedV1, EndpointRemovedV1, EndpointUpdatedV1, NumberAssignedV1, NumberReleasedV1, RouteDeletedV1, RouteUpdatedV1, TenantCreatedV1, TenantDeletedV1,
  TenantSuspendedV1, TenantUpdatedV1, type EventOf,
} from '@troncal/contracts';
import { PermanentError } from '@troncal/kernel';
import { ConsumesEvents, isEvent, type ConsumedEvent, type Delivery } from '@troncal/messaging';
import type { DirectoryChange } from './directory-facts.js';
import { DirectoryKeeper } from './directory-keeper.js';

const TYPES = [
  TenantCreatedV1, TenantUpdatedV1, TenantSuspendedV1, TenantDeletedV1, NumberAssignedV1, NumberReleasedV1, RouteUpdatedV1, RouteDeletedV1, EndpointUpdatedV1,
  EndpointRemovedV1, CredentialRotatedV1,
] as const;

/** Keeps the local directory up to date with what provisioning declares. */
@Injectable()
export class OnTenantChanged {
  constructor(@Inject(DirectoryKeeper) private readonly keeper: DirectoryKeeper) {}

  @ConsumesEvents(TYPES)
  async handle(event: ConsumedEvent<(typeof TYPES)[number]>, { tx }: Delivery): Promise<void> {
    await this.keeper.apply(tx, changeOf(event));
  }
}

/** An event of the domain `tenants` as a change of the directory. */
export function changeOf(event: EventOf<unknown>): DirectoryChange {
  const tenant = event.tenantid;
  if (isEvent(TenantCreatedV1, event)) return { kind: 'tenant', facts: { tenant, suspended: false, ...event.data } };
  // An update is also how a suspension is lifted.
  if (isEvent(TenantUpdatedV1, event)) return { kind: 'tenant', facts: { tenant, ...event.data, suspended: event.data.suspended ?? false } };
  if (isEvent(TenantSuspendedV1, event)) return { kind: 'tenant_suspended', tenant, revision: event.data.revision };
  if (isEvent(TenantDeletedV1, event)) return { kind: 'tenant_removed', tenant, revision: event.data.revision };
  if (isEvent(NumberAssignedV1, event)) return { kind: 'number', facts: { tenant, ...event.data } };
  if (isEvent(NumberReleasedV1, event)) return { kind: 'number_removed', tenant, ...event.data };
  if (isEvent(RouteUpdatedV1, event)) return { kind: 'route', facts: { tenant, ...event.data } };
  if (isEvent(RouteDeletedV1, event)) return { kind: 'route_removed', tenant, ...event.data };
  if (isEvent(EndpointUpdatedV1, event)) return { kind: 'endpoint', facts: { tenant, ...event.data } };
  if (isEvent(EndpointRemovedV1, event)) return { kind: 'endpoint_removed', tenant, ...event.data };
  if (isEvent(CredentialRotatedV1, event)) return { kind: 'credential', tenant, extension: event.data.extension, credentialRevision: event.data.credentialRevision };
  throw new PermanentError('unexpected_type', `The tenant directory knows no ${event.type}.`);
}
