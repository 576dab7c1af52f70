import { Injectable } from '@nestjs/common';
import { errorText, withDeadline } from '@troncal/kernel';
import type { TenantFacts } from '../reconcile/tenant-facts.js';
import type { CloudDevice, DeviceCloud } from './device-cloud.js';
import { DeviceClouds } from './device-clouds.js';
import type { DeviceSight } from './plan-devices.js';
import { devicesOf, isGrandstream, placeOf, type TenantDevice } from './tenant-device.js';

/** Whoever wants to know waits no longer than this, ms; what is not known by then is said to be unknown. */
const PATIENCE_MS = 12_000;
/** So many devices are asked for their accounts at a time, each by a request of its own. */
const MOST_ASKED = 200;

const notAsked = (device: TenantDevice, why: string): DeviceSight => ({ device, found: { notAsked: why }, accounts: { notKnown: why } });

/** What GDMS sees of the telephones that tenants declare. Never throws for what GDMS does: that is said of each device. */
@Injectable()
export class LookAtDevices {
  constructor(private readonly clouds: DeviceClouds) {}

  /** By tenant; who declares no device is left out. */
  async run(environment: string, tenants: readonly Pick<TenantFacts, 'tenant' | 'declaration' | 'users'>[]): Promise<ReadonlyMap<string, readonly DeviceSight[]>> {
    const declared = tenants.map(({ tenant, declaration, users }) => ({ tenant, declaration, devices: devicesOf(declaration, users) })).filter(({ devices }) => devices.length > 0);
    if (declared.length === 0) return new Map();
    const there = await this.clouds.of(environment);
    if (there === undefined) return new Map(declared.map(({ tenant, devices }) => [tenant, devices.map((device) => notAsked(device, isGrandstream(device) ? 'Its environment has no account at GDMS.' : 'No Grandstream, and so nothing of GDMS’s.'))]));
    const { cloud, place } = there;
    // Tenants of one organization are looked for together: few requests for many.
    const sights = new Map<string, DeviceSight>();
    for (const [organization, together] of Map.groupBy(declared, ({ declaration }) => placeOf(declaration.gdms, place).organization)) {
      const devices = together.flatMap((each) => each.devices);
      const looked = await withDeadline(this.look(cloud, devices, { organization, site: null }), PATIENCE_MS, 'GDMS').catch((error: unknown) => devices.map((device) => notAsked(device, errorText(error))));
      for (const sight of looked) sights.set(sight.device.mac, sight);
    }
    return new Map(declared.map(({ tenant, devices }) => [tenant, devices.map((device) => ({ ...(sights.get(device.mac) ?? notAsked(device, 'It was not looked for.')), device }))]));
  }

  private async look(cloud: DeviceCloud, devices: readonly TenantDevice[], place: Parameters<DeviceCloud['find']>[1]): Promise<DeviceSight[]> {
    const [ours, others] = [devices.filter(isGrandstream), devices.filter((device) => !isGrandstream(device))];
    const foreign = others.map((device) => notAsked(device, 'No Grandstream, and so nothing of GDMS’s.'));
    let found: ReadonlyMap<string, CloudDevice>;
    try {
      found = ours.length === 0 ? new Map() : await cloud.find(ours.map(({ mac }) => mac), place);
    } catch (error) {
      return [...foreign, ...ours.map((device) => notAsked(device, errorText(error)))];
    }
    const asked = new Set([...found.values()].filter(({ standing }) => standing !== 'offline').slice(0, MOST_ASKED).map(({ mac }) => mac));
    return [
      ...foreign,
      ...(await Promise.all(
        ours.map(async (device): Promise<DeviceSight> => {
          const there = found.get(device.mac);
          if (there === undefined) return { device, found: 'absent', accounts: [] };
          return { device, found: there, accounts: asked.has(device.mac) ? await accountsOn(cloud, device) : { notKnown: there.standing === 'offline' ? 'its accounts were not asked for, as it is offline' : 'its accounts were not asked for: they are too many at once; name its tenant' } };
        }),
      )),
    ];
  }
}

async function accountsOn(cloud: DeviceCloud, { mac }: TenantDevice): Promise<DeviceSight['accounts']> {
  try {
    return await cloud.accountsOn(mac);
  } catch (error) {
    return { notKnown: `its accounts are not known: ${errorText(error)}` };
  }
}
