import { AdaptiveLimit, type LimitBounds } from '@troncal/kernel';
import { GdmsDeviceCloud, type AccountMeanings } from './device-cloud.gdms.js';
import type { CloudPlace, DeviceCloud } from './device-cloud.js';
import { GDMS_HOSTS, type GdmsAccount } from './gdms-account.js';
import type { GdmsAccountVault } from './gdms-account-vault.js';
import type { GdmsAccountRepository } from './gdms-accounts.repository.js';
import { GdmsHttp } from './gdms/gdms-http.js';

export interface DeviceCloudSettings {
  /** Of a simulator; the region's own when absent. */
  readonly apiUrl: string | undefined;
  readonly atOnce: LimitBounds;
  readonly meanings: AccountMeanings;
}

/** A maker's cloud, and where in it an environment's devices are. */
export interface EnvironmentCloud {
  readonly cloud: DeviceCloud;
  readonly place: CloudPlace;
}

/** The makers' clouds of environments. A client is kept while its account is not changed: its token and what it has learnt of the limit are worth keeping. */
export class DeviceClouds {
  private readonly clients = new Map<string, { readonly revision: number; readonly cloud: DeviceCloud }>();

  constructor(
    private readonly accounts: GdmsAccountRepository,
    private readonly vault: GdmsAccountVault,
    private readonly settings: DeviceCloudSettings,
  ) {}

  /** @returns undefined when the environment has no account */
  async of(environment: string): Promise<EnvironmentCloud | undefined> {
    const account = await this.accounts.find(environment);
    if (account === undefined) {
      this.clients.delete(environment);
      return undefined;
    }
    const { organization, site, revision } = account;
    const known = this.clients.get(environment);
    const cloud = known?.revision === revision ? known.cloud : this.client(account);
    this.clients.set(environment, { revision, cloud });
    return { cloud, place: { organization, site } };
  }

  private client({ environment, region, apiId, username, secrets }: GdmsAccount): DeviceCloud {
    const { apiUrl, atOnce, meanings } = this.settings;
    const credentials = { apiId, username, ...this.vault.open(environment, secrets) };
    return new GdmsDeviceCloud(new GdmsHttp({ base: apiUrl ?? GDMS_HOSTS[region], credentials, limit: new AdaptiveLimit(atOnce) }), meanings);
  }
}
