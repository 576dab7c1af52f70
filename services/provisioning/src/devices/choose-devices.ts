import { Injectable } from '@nestjs/common';
import { notDeclared } from '../declarations/declarations.errors.js';
import { unknownEnvironment } from '../environments/environments.errors.js';
import { EnvironmentRepository } from '../environments/environments.repository.js';
import { ReadTenantFacts, type TenantFacts } from '../reconcile/tenant-facts.js';
import type { CloudPlace, DeviceCloud } from './device-cloud.js';
import { DeviceClouds } from './device-clouds.js';
import { noDevices, noGdmsAccount, unknownDevices } from './devices.errors.js';
import type { DeviceSight } from './plan-devices.js';
import { LookAtDevices } from './look-at-devices.js';
import { placeOf } from './tenant-device.js';

/** Telephones of a tenant, with where they are in GDMS and what it sees of them. */
export interface ChosenDevices {
  readonly facts: TenantFacts;
  readonly sights: readonly DeviceSight[];
  /** That their accounts register at. */
  readonly server: string;
  /** Undefined when the environment has no account. */
  readonly cloud: DeviceCloud | undefined;
  readonly place: CloudPlace;
  /** Where the tenant's devices go; undefined: nothing says so. */
  readonly site: number | undefined;
}

/** Finds the telephones of a tenant that somebody means. */
@Injectable()
export class ChooseDevices {
  constructor(
    private readonly environments: EnvironmentRepository,
    private readonly facts: ReadTenantFacts,
    private readonly clouds: DeviceClouds,
    private readonly look: LookAtDevices,
  ) {}

  /**
   * @param macs as declarations have them, `00:0b:82:11:22:33`; all of the tenant when absent
   * @throws PermanentError `unknown_environment`, `tenant_not_declared`, `unknown_device`
   */
  async run(name: string, tenant: string, macs?: readonly string[]): Promise<ChosenDevices> {
    const environment = await this.environments.find(name);
    if (environment === undefined) throw unknownEnvironment(name);
    const { tenants: [facts] } = await this.facts.run(name, [tenant]);
    if (facts === undefined) throw notDeclared(name, tenant);
    const sights = (await this.look.run(name, [facts])).get(tenant) ?? [];
    const there = await this.clouds.of(name);
    const place = placeOf(facts.declaration.gdms, there?.place ?? { organization: null, site: null });
    return { facts, sights: chosen(tenant, sights, macs), server: environment.domain, cloud: there?.cloud, place, site: there === undefined ? undefined : await siteOf(there.cloud, place, sights) };
  }

  /** As {@link run}, for who changes something. @throws also PermanentError `no_gdms_account`, `no_devices` */
  async toChange(name: string, tenant: string, macs?: readonly string[]): Promise<ChosenDevices & { readonly cloud: DeviceCloud }> {
    const { cloud, ...rest } = await this.run(name, tenant, macs);
    if (cloud === undefined) throw noGdmsAccount(name);
    if (rest.sights.length === 0) throw noDevices(tenant);
    return { ...rest, cloud };
  }
}

function chosen(tenant: string, sights: readonly DeviceSight[], macs: readonly string[] | undefined): readonly DeviceSight[] {
  if (macs === undefined) return sights;
  const wanted = new Set(macs);
  const missing = [...wanted].filter((mac) => !sights.some(({ device }) => device.mac === mac));
  if (missing.length > 0) throw unknownDevices(tenant, missing);
  return sights.filter(({ device }) => wanted.has(device.mac));
}

/** The site that is named, else the default one; it is asked for only when something is to be added there. */
async function siteOf(cloud: DeviceCloud, place: CloudPlace, sights: readonly DeviceSight[]): Promise<number | undefined> {
  if (place.site !== null) return place.site;
  if (sights.every(({ found }) => found !== 'absent')) return undefined;
  return (await cloud.sites(place)).find(({ isDefault }) => isDefault)?.id;
}
