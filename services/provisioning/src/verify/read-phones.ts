import { Injectable } from '@nestjs/common';
import { LookAtDevices } from '../devices/look-at-devices.js';
import { KpiRepository } from '../kpis/kpi.repository.js';
import type { TenantFacts } from '../reconcile/tenant-facts.js';
import type { SipUser } from '../sip-users/sip-user.js';
import type { PhoneHealth } from './tenant-health.js';

/** Reads what is known of tenants' phones: what calls have shown of each, and what its maker's cloud sees of it. */
@Injectable()
export class ReadPhones {
  constructor(
    private readonly sightings: KpiRepository,
    private readonly devices: LookAtDevices,
  ) {}

  /** By tenant. */
  async run(environment: string, tenants: readonly TenantFacts[]): Promise<ReadonlyMap<string, readonly PhoneHealth[]>> {
    const sights = await this.devices.run(environment, tenants);
    const phones = new Map<string, readonly PhoneHealth[]>();
    for (const { tenant, users } of tenants) {
      const seen = new Map((await this.sightings.endpoints(tenant)).map((sighting) => [sighting.extension, sighting]));
      phones.set(tenant, users.map((user) => ({
        extension: user.extension, username: user.username, list: user.list, password: passwordOf(user),
        seenAt: seen.get(user.extension)?.seenAt, unreachableAt: seen.get(user.extension)?.unreachableAt,
        device: sights.get(tenant)?.find(({ device }) => device.lines.some(({ extension }) => extension === user.extension)),
      })));
    }
    return phones;
  }
}

function passwordOf({ password, state }: SipUser): PhoneHealth['password'] {
  if (password === null) return 'found';
  return state === 'provisioned' ? 'ours' : 'not-sent';
}
