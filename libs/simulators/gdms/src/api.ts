import { z } from 'zod';
import { macSchema, type World } from './world.js';

/** What every request answers: `retCode` 0, or why not. */
export interface Envelope {
  readonly retCode: number;
  readonly msg: string;
  readonly data?: unknown;
}

/** `retCode`s are made up: of GDMS's own only 0 is known. */
export const refused = (retCode: number, msg: string): Envelope => ({ retCode, msg });
const done = (data: unknown): Envelope => ({ retCode: 0, msg: '', data });

const page = { pageNum: z.int().min(1).default(1), pageSize: z.int().min(1).max(1_000).default(10), orgId: z.int().optional() };
const listOf = z.object({ ...page, mac: z.string().optional() });
const added = z.array(z.object({ mac: macSchema, sn: z.string(), siteId: z.coerce.number().int(), deviceName: z.string().optional(), orgId: z.int().optional() })).min(1).max(500);
const ofMac = z.object({ mac: macSchema });
const macList = z.object({ macList: z.array(macSchema).min(1) });
const task = macList.extend({ taskName: z.string().min(1), taskType: z.int(), execType: z.int() });
/** The task that reboots. */
const REBOOT = 1;

type Handle = (body: unknown, world: World) => Envelope;

/** A request of the API by its path below the version. Source: Grandstream's GDMS API guide, and clients that ask the live service. */
const ROUTES: Readonly<Record<string, Handle>> = {
  'GET org/list': (_, world) => done(paged([world.organization], { pageNum: 1, pageSize: 10 })),
  'POST org/list': (_, world) => done(paged([world.organization], { pageNum: 1, pageSize: 10 })),
  'GET site/list': (_, world) => done(paged(world.sites, { pageNum: 1, pageSize: 1_000 })),
  'POST site/list': (_, world) => done(paged(world.sites, { pageNum: 1, pageSize: 1_000 })),
  'POST device/list': (body, world) => {
    const { mac, ...wanted } = listOf.parse(body);
    const only = mac === undefined ? world.all() : world.all().filter((device) => device.mac === macSchema.safeParse(mac).data);
    return done(paged(only.map((device) => world.rowOf(device)), wanted));
  },
  // A batch: each device is taken or refused by itself, and the whole is answered with 0.
  'POST device/add': (body, world) => {
    const devices = added.parse(body);
    const errors = devices.flatMap((device) => {
      const why = world.add(device);
      return why === undefined ? [] : [{ orgId: null, deviceName: null, siteId: device.siteId, mac: device.mac.replaceAll(':', ''), errorMsg: why, sn: device.sn }];
    });
    return done({ total: devices.length, success: devices.length - errors.length, failure: errors.length, errorDeviceList: errors });
  },
  // An inference: no client of the live service was seen to use it.
  'POST device/delete': (body, world) => {
    const missing = macList.parse(body).macList.filter((mac) => !world.remove(mac));
    return missing.length === 0 ? done(null) : refused(40010, `The device does not exist: ${missing.join(', ')}`);
  },
  'POST device/account/status': (body, world) => {
    const device = world.own(ofMac.parse(body).mac);
    return device === undefined ? refused(40010, 'The device does not exist') : done(world.accountsOf(device));
  },
  'POST task/add': (body, world) => {
    const { taskType, macList: macs } = task.parse(body);
    if (taskType !== REBOOT) return refused(40011, 'SIMULATED: only the task that reboots is simulated');
    const missing = macs.filter((mac) => world.own(mac) === undefined);
    if (missing.length > 0) return refused(40010, `The device does not exist: ${missing.join(', ')}`);
    for (const mac of macs) world.reboot(mac);
    return done({ taskId: 9_001 });
  },
};

/** Does what is asked. @param place `device/list` */
export function perform(method: string, place: string, body: string, world: World): Envelope {
  const asked = `${method} ${place}`;
  const handle = Object.hasOwn(ROUTES, asked) ? ROUTES[asked] : undefined;
  if (handle === undefined) return refused(40404, `SIMULATED: there is no ${asked}`);
  try {
    return handle(body === '' ? {} : JSON.parse(body), world);
  } catch (error) {
    return refused(40000, error instanceof z.ZodError ? z.prettifyError(error) : 'The body is no JSON');
  }
}

function paged(rows: readonly object[], { pageNum, pageSize }: { readonly pageNum: number; readonly pageSize: number }): object {
  return { total: rows.length, pages: Math.max(1, Math.ceil(rows.length / pageSize)), pageNum, pageSize, result: rows.slice((pageNum - 1) * pageSize, pageNum * pageSize) };
}
