import { TransientError } from '@troncal/kernel';
import { z } from 'zod';
import { DeviceCloud, type CloudAccount, type CloudDevice, type CloudPlace, type CloudSite, type DeviceStanding, type NewDevice } from './device-cloud.js';
import type { GdmsHttp } from './gdms/gdms-http.js';

/** Which values of an account's status mean what. Only the field's name is known for certain, so they are settings. */
export interface AccountMeanings {
  readonly registered: readonly string[];
  readonly unregistered: readonly string[];
}

/** Up to so many devices are asked for one by one; more are read page by page. */
const FEW = 20;
const PAGE = 100;
/** 20,000 devices: whose page comes later is asked for by its address. */
const MOST_PAGES = 200;
/** The task that reboots, at once. Source: Grandstream's GDMS API guide. */
const REBOOT = 1;
const AT_ONCE = 1;
/** 1 was seen at the live service; the others are what its users write down of its documentation. */
const STANDINGS: Readonly<Record<string, DeviceStanding>> = { '1': 'online', '0': 'offline', '-1': 'abnormal' };

const textual = z.union([z.string(), z.number()]).nullish().catch(null);
const rowSchema = z.object({ mac: z.string(), deviceType: textual, status: textual, lastTime: textual, siteId: textual, siteName: textual });
const count = z.coerce.number().int().min(0).optional().catch(undefined);
const pageSchema = z.object({ pages: count, total: count, result: z.array(rowSchema).nullish() });
const sitesSchema = z.object({ result: z.array(z.object({ id: z.coerce.number().int(), siteName: textual, isDefault: z.union([z.boolean(), z.number(), z.string()]).nullish() })).nullish() });
const accountsSchema = z.object({ sipAccountInfoList: z.array(z.object({ sipUserId: textual, sipServer: textual, accountStatus: textual })).nullish() }).nullish();
const addedSchema = z.object({ errorDeviceList: z.array(z.object({ mac: z.string(), errorMsg: textual })).nullish() }).nullish();

type Row = z.output<typeof rowSchema>;

/** Grandstream's GDMS. Source: its GDMS API guide, and clients that ask the live service; see libs/simulators/gdms for what is inferred. */
export class GdmsDeviceCloud extends DeviceCloud {
  constructor(
    private readonly http: GdmsHttp,
    private readonly meanings: AccountMeanings,
  ) {
    super();
  }

  async find(macs: readonly string[], place: CloudPlace): Promise<ReadonlyMap<string, CloudDevice>> {
    const wanted = new Set(macs);
    const found = wanted.size > FEW ? await this.onPages(wanted, place) : { rows: [], rest: [...wanted] };
    const single = await Promise.all(found.rest.map((mac) => this.single(mac, place)));
    return new Map([...found.rows, ...single.flat()].map((row) => [plain(row.mac), deviceOf(row)]));
  }

  async accountsOn(mac: string): Promise<CloudAccount[]> {
    const told = await this.http.read('device/account/status', { mac: asGdmsWrites(mac) }, accountsSchema);
    return (told?.sipAccountInfoList ?? []).flatMap(({ sipUserId, sipServer, accountStatus }) => {
      const username = text(sipUserId);
      return username === '' ? [] : [{ username, server: text(sipServer), registration: this.meaningOf(text(accountStatus)) }];
    });
  }

  async sites({ organization }: CloudPlace): Promise<CloudSite[]> {
    const { result } = await this.http.read('site/list', { pageNum: 1, pageSize: 1_000, ...of(organization) }, sitesSchema);
    return (result ?? []).map(({ id, siteName, isDefault }) => ({ id, name: text(siteName), isDefault: ['1', 'true'].includes(String(isDefault)) }));
  }

  /** A batch: each device is taken or refused by itself, under an answer that is well. */
  async add(devices: readonly NewDevice[], { organization }: CloudPlace): Promise<ReadonlyMap<string, string>> {
    const body = devices.map(({ mac, serial, name, site }) => ({ deviceName: name, mac: asGdmsWrites(mac), sn: serial, siteId: site, ...of(organization) }));
    const told = await this.http.write('device/add', body, addedSchema);
    return new Map((told?.errorDeviceList ?? []).map(({ mac, errorMsg }) => [plain(mac), text(errorMsg).slice(0, 200)]));
  }

  async reboot(macs: readonly string[], name: string, { organization }: CloudPlace): Promise<void> {
    await this.http.write('task/add', { taskName: name, taskType: REBOOT, macList: macs.map(asGdmsWrites), execType: AT_ONCE, ...of(organization) }, z.unknown());
  }

  private async onPages(wanted: ReadonlySet<string>, place: CloudPlace): Promise<{ readonly rows: Row[]; readonly rest: string[] }> {
    const rows = new Map<string, Row>();
    for (let pageNum = 1; pageNum <= MOST_PAGES; pageNum += 1) {
      const { result, pages, total } = await this.http.read('device/list', { pageNum, pageSize: PAGE, ...of(place.organization) }, pageSchema);
      for (const row of result ?? []) if (wanted.has(plain(row.mac))) rows.set(plain(row.mac), row);
      // Both were seen to be told; without either an empty page is the end.
      const last = pages ?? (total === undefined ? undefined : Math.ceil(total / PAGE));
      if (rows.size === wanted.size || (last === undefined ? (result ?? []).length === 0 : pageNum >= last)) return { rows: [...rows.values()], rest: [] };
    }
    return { rows: [...rows.values()], rest: [...wanted].filter((mac) => !rows.has(mac)) };
  }

  private async single(mac: string, { organization }: CloudPlace): Promise<Row[]> {
    const { result } = await this.http.read('device/list', { mac: asGdmsWrites(mac), pageNum: 1, pageSize: 10, ...of(organization) }, pageSchema);
    const own = (result ?? []).filter((row) => plain(row.mac) === mac);
    // Not that it has none: it did not look for the one that was asked for.
    if (own.length === 0 && (result ?? []).length > 0) throw new TransientError('gdms_wrong_answer', 'GDMS answered with other devices than it was asked for.', { remedy: 'Look at the device in its console.' });
    return own.slice(0, 1);
  }

  private meaningOf(status: string): CloudAccount['registration'] {
    if (this.meanings.registered.includes(status)) return 'registered';
    return this.meanings.unregistered.includes(status) ? 'unregistered' : 'unknown';
  }
}

const of = (organization: number | null): { orgId?: number } => (organization === null ? {} : { orgId: organization });
const text = (value: string | number | null | undefined): string => String(value ?? '').replaceAll(/[\p{Cc}\p{Cf}]/gu, ' ').trim();
/** `00:0B:82:11:22:33` */
const asGdmsWrites = (mac: string): string => mac.toUpperCase();
/** `00:0b:82:11:22:33`, however it is written. */
const plain = (mac: string): string => (mac.toLowerCase().replaceAll(/[^0-9a-f]/g, '').match(/../g) ?? []).join(':');

function deviceOf({ mac, deviceType, status, lastTime, siteId, siteName }: Row): CloudDevice {
  const id = Number(siteId ?? NaN);
  return { mac: plain(mac), model: text(deviceType) || null, standing: STANDINGS[text(status)] ?? 'unknown', lastSeen: text(lastTime) || null, site: { id: Number.isInteger(id) ? id : null, name: text(siteName) } };
}
