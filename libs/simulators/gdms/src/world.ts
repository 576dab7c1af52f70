import { z } from 'zod';

/** `00:0B:82:11:22:33`: as GDMS writes addresses; any usual way is taken. */
export const macSchema = z
  .string()
  .regex(/^[0-9a-f]{2}([:.-]?[0-9a-f]{2}){5}$/i, 'expected a MAC address')
  .transform((mac) => (mac.replaceAll(/[:.-]/g, '').toUpperCase().match(/../g) ?? []).join(':'));

const accountSchema = z.strictObject({ account: z.int().min(1).default(1), sipUserId: z.string(), sipServer: z.string().default(''), isRegistered: z.boolean().default(true) });

/** A device as a person in GDMS's console, the phone itself, or another customer makes it be. */
export const deviceWishSchema = z.strictObject({
  mac: macSchema,
  sn: z.string().optional(),
  model: z.string().optional(),
  status: z.enum(['online', 'offline', 'abnormal']).optional(),
  /** Bound in the console: no request of the API does it. */
  accounts: z.array(accountSchema).optional(),
  /** Another customer's, and so neither shown nor to be had. */
  isAnothers: z.boolean().optional(),
  /** As GDMS writes when it last heard of it. */
  lastTime: z.string().optional(),
});
type DeviceWish = z.output<typeof deviceWishSchema>;

interface Device {
  readonly mac: string;
  readonly sn: string;
  readonly model: string;
  readonly status: 'online' | 'offline' | 'abnormal';
  readonly accounts: readonly z.output<typeof accountSchema>[];
  readonly isAnothers: boolean;
  readonly lastTime: string;
  readonly deviceName: string;
  readonly siteId: number;
  reboots: number;
}

/** What one device of a batch was refused for; undefined: nothing. */
type Refused = string | undefined;

/** Seen at the live service for a serial number that is another device's. */
const SERIAL_IS_ANOTHERS = '30010';

const STATUS = { online: 1, offline: 0, abnormal: -1 } as const;

/** Devices and sites of one GDMS. A serial number is a device's own when it ends as its MAC address does, as Grandstream's do. */
export class World {
  readonly sites = [{ id: 3345, siteName: 'Default', isDefault: 1 }, { id: 3346, siteName: 'SIMULATED second site', isDefault: 0 }];
  readonly organization = { id: 71, organization: 'SIMULATED organization' };
  private readonly devices = new Map<string, Device>();

  /** @param isPluggedIn whether a device that is added is online at once: nobody plugs simulated ones in */
  constructor(public isPluggedIn = true) {}

  put({ mac, ...rest }: DeviceWish): void {
    const there = this.devices.get(mac) ?? fresh(mac, { siteId: this.sites[0]?.id ?? 0 });
    this.devices.set(mac, { ...there, ...Object.fromEntries(Object.entries(rest).filter(([, value]) => value !== undefined)) });
  }

  remove(mac: string): boolean {
    return this.own(mac) !== undefined && this.devices.delete(macSchema.parse(mac));
  }

  add({ mac, sn, siteId, deviceName }: { mac: string; sn: string; siteId: number; deviceName?: string | undefined }): Refused {
    const there = this.devices.get(mac);
    if (there !== undefined) return there.isAnothers ? 'The device is managed by another account' : 'The device already exists';
    if (!this.sites.some(({ id }) => id === siteId)) return 'The site does not exist';
    if (!sn.toUpperCase().endsWith(mac.replaceAll(':', '').slice(-6))) return SERIAL_IS_ANOTHERS;
    this.devices.set(mac, { ...fresh(mac, { siteId, sn, deviceName: deviceName ?? mac }), status: this.isPluggedIn ? 'online' : 'offline' });
    return undefined;
  }

  /** @returns false for what is not there */
  reboot(mac: string): boolean {
    const device = this.own(mac);
    if (device !== undefined) device.reboots += 1;
    return device !== undefined;
  }

  /** Its own device; another customer's is not to be seen. */
  own(mac: string): Device | undefined {
    const device = this.devices.get(macSchema.safeParse(mac).data ?? '');
    return device?.isAnothers === false ? device : undefined;
  }

  all(): readonly Device[] {
    return [...this.devices.values()].filter(({ isAnothers }) => !isAnothers);
  }

  /** A row of device/list. */
  rowOf({ mac, sn, model, deviceName, status, accounts, siteId, lastTime }: Device): object {
    return {
      orgId: this.organization.id, deviceName, deviceType: model, mac, sn, publicIp: '203.0.113.7', privateip: '192.168.1.20', firmwareVersion: '1.0.5.48', lastTime,
      status: STATUS[status], accountStatus: accounts.some(({ isRegistered }) => isRegistered) ? 1 : 0, dnd: 0, siteId, siteName: this.sites.find(({ id }) => id === siteId)?.siteName ?? '', isSynchronized: 1,
    };
  }

  /** What device/account/status tells. Which values mean what is an inference: only the fields' names were seen. */
  accountsOf({ accounts }: Device): object {
    return {
      accountStatus: accounts.some(({ isRegistered }) => isRegistered) ? 1 : 0, dnd: 0, syncFailureMsg: null,
      sipAccountInfoList: accounts.map(({ account, sipUserId, sipServer, isRegistered }) => ({ account, sipUserId, sipServer, accountStatus: isRegistered ? 1 : 0 })),
    };
  }
}

function fresh(mac: string, { siteId, sn = '', deviceName = mac }: { readonly siteId: number; readonly sn?: string; readonly deviceName?: string }): Device {
  return { mac, sn, model: 'GRP2612', status: 'offline', accounts: [], isAnothers: false, lastTime: '2026-11-30 14:02:11', deviceName, siteId, reboots: 0 };
}
