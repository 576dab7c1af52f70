/** How the cloud sees a device. `unknown`: it says so in a way that isn't known here. */
export type DeviceStanding = 'online' | 'offline' | 'abnormal' | 'unknown';

/** A device as the cloud shows it. */
export interface CloudDevice {
  /** `00:0b:82:11:22:33` */
  readonly mac: string;
  readonly model: string | null;
  readonly standing: DeviceStanding;
  /** As the cloud writes it. */
  readonly lastSeen: string | null;
  readonly site: { readonly id: number | null; readonly name: string };
}

/** A SIP account on a device. */
export interface CloudAccount {
  readonly username: string;
  readonly server: string;
  readonly registration: 'registered' | 'unregistered' | 'unknown';
}

export interface CloudSite {
  readonly id: number;
  readonly name: string;
  readonly isDefault: boolean;
}

/** Where devices are looked for and go; null: the account's own. */
export interface CloudPlace {
  readonly organization: number | null;
  readonly site: number | null;
}

/** A device that is to be the account's. */
export interface NewDevice {
  readonly mac: string;
  readonly serial: string;
  readonly name: string;
  readonly site: number;
}

/**
 * One account at a maker's cloud. Whoever changes something and gets TransientError `gdms_outcome_unknown` looks with {@link find} before asking again. Errors:
 * PermanentError for a refusal that asking again won't change, TransientError otherwise.
 */
export abstract class DeviceCloud {
  /** Those of these devices that the account has. What another customer has is not to be seen. */
  abstract find(macs: readonly string[], place: CloudPlace): Promise<ReadonlyMap<string, CloudDevice>>;
  /** The SIP accounts on a device, as it last reported them. */
  abstract accountsOn(mac: string): Promise<CloudAccount[]>;
  abstract sites(place: CloudPlace): Promise<CloudSite[]>;
  /** @returns by address why one was refused; who isn't named was taken, as far as the cloud says */
  abstract add(devices: readonly NewDevice[], place: CloudPlace): Promise<ReadonlyMap<string, string>>;
  /** Has them reboot. Not to be asked for twice. @param name what the order is called in the cloud's list */
  abstract reboot(macs: readonly string[], name: string, place: CloudPlace): Promise<void>;
}
