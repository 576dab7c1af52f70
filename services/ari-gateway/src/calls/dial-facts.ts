import type { DialDestination, DialFacts } from '@troncal/dial-guard';
import type { TenantDirectory } from '../tenant-directory/tenant-directory.js';
import type { DialTarget } from './call.js';

/** What the dial guard may know of a call, from the directory in memory. */
export function dialFacts(directory: TenantDirectory, tenantCode: string, to: string): DialFacts {
  const tenant = directory.tenant(tenantCode);
  const endpoint = directory.endpoint(tenantCode, to);
  return {
    ...(tenant ? { tenant: { country: tenant.country, suspended: tenant.suspended } } : {}),
    ...(endpoint ? { endpoint: { extension: endpoint.extension, enabled: endpoint.enabled } } : {}),
    trunks: directory.trunksOf(tenantCode).map((trunk) => ({ name: trunk.name, countries: trunk.countries, ...(trunk.callerId === null ? {} : { callerId: trunk.callerId }) })),
    numbers: directory.numbersOf(tenantCode),
  };
}

/** How an allowed destination is reached; undefined when there is no way. */
export function targetOf(destination: DialDestination, endpoint: (extension: string) => DialTarget | undefined): DialTarget | undefined {
  switch (destination.kind) {
    case 'endpoint':
      return endpoint(destination.extension);
    // Neither a route nor a number of ours is in this rail's facts: callers are led to those before the guard is asked.
    case 'route':
    case 'our-number':
      return undefined;
    case 'trunk':
      return { kind: 'trunk', trunk: destination.trunk, number: destination.number, ...(destination.callerId === undefined ? {} : { callerId: destination.callerId }) };
    case 'emergency':
      return destination.trunk === undefined ? undefined : { kind: 'trunk', trunk: destination.trunk, number: destination.number, ...(destination.callerId === undefined ? {} : { callerId: destination.callerId }) };
  }
}

/** A phone of a tenant as a target; undefined when it isn't there or is disabled. */
export function endpointTarget(directory: TenantDirectory, tenant: string, extension: string): DialTarget | undefined {
  const endpoint = directory.endpoint(tenant, extension);
  return endpoint?.enabled ? { kind: 'endpoint', extension, sipUser: endpoint.sipUser } : undefined;
}
