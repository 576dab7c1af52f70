import { Inject, Injectable } from '@nestjs/common';
import { LOGGER } from '@troncal/chassis';
import { crashPoint } from '@troncal/config';
import type { DeviceOutcome, DeviceOutcomesView } from '@troncal/contracts';
import { pause } from '@troncal/kernel';
import type { Logger } from '@troncal/observability';
import { ChooseDevices, type ChosenDevices } from './choose-devices.js';
import type { CloudDevice, DeviceCloud, NewDevice } from './device-cloud.js';
import { isUnknown } from './gdms/gdms.errors.js';
import { manualSteps, nextStep, sayFound, type DeviceSight } from './plan-devices.js';
import { isGrandstream } from './tenant-device.js';

/** Devices in one request. */
const BATCH = 50;
/** In ms: reads may run behind writes. */
const LOOKS_MS: readonly number[] = [0, 250, 500, 1_000, 2_000];
/** Where it isn't known what became of them they are soon asked for anew: GDMS has one device of an address at most, and refuses a second. */
const SHORT_LOOKS_MS: readonly number[] = [0, 250];
/** How often what is not to be seen is asked for anew, when it isn't known what became of it. */
const TRIES = 3;

type Became = Pick<DeviceOutcome, 'outcome' | 'says'> & { readonly found?: CloudDevice };

/**
 * Adds the telephones of a tenant to its account at GDMS. It is looked at first, and again after whatever went wrong: what is there, by its address, is not added again,
 * whoever was cut off in the middle. Told of each as it is found afterwards, not as the answer said.
 * @throws as ChooseDevices; PermanentError `gdms_credentials_refused`, `gdms_refused`, TransientError `gdms_away`, `gdms_busy` when nothing can be said of any
 */
@Injectable()
export class AddDevices {
  constructor(
    private readonly choose: ChooseDevices,
    @Inject(LOGGER) private readonly logger: Logger,
  ) {}

  /** @param by the id of the API key, for the log */
  async run(environment: string, tenant: string, macs: readonly string[] | undefined, by: string): Promise<DeviceOutcomesView> {
    const chosen = await this.choose.toChange(environment, tenant, macs);
    const { sights, site, server, facts: { declaration } } = chosen;
    const toAdd = sights.flatMap((sight): NewDevice[] => {
      const { mac, serial, lines } = sight.device;
      if (nextStep(sight, site) !== 'add' || serial === undefined || site === undefined) return [];
      return [{ mac, serial, site, name: `${declaration.name} ${lines.map(({ extension }) => extension).join(', ')}`.slice(0, 60) }];
    });
    const became = new Map<string, Became>();
    for (let at = 0; at < toAdd.length; at += BATCH) for (const [mac, how] of await addAll(chosen, toAdd.slice(at, at + BATCH))) became.set(mac, how);
    if (toAdd.length > 0) this.logger.info({ environment, tenant, by, asked: toAdd.length, added: [...became.values()].filter(({ outcome }) => outcome === 'added').length }, 'telephones were added at GDMS');
    return {
      environment,
      tenant,
      outcomes: sights.map((sight): DeviceOutcome => {
        const { outcome, says, found } = became.get(sight.device.mac) ?? unchanged(sight);
        const { mac, model, lines } = sight.device;
        // Refused: first its reason has to go. What is new has no account yet.
        const manual = outcome === 'refused' || outcome === 'unknown' ? [] : manualSteps(found === undefined ? sight : { ...sight, found, accounts: [] }, server, site);
        return { mac, model, extensions: lines.map(({ extension }) => extension), outcome, says, manual };
      }),
    };
  }
}

function unchanged(sight: DeviceSight): Became {
  if (sight.found === 'absent') return { outcome: 'by-hand', says: sight.device.serial === undefined ? 'It is not at GDMS, and can’t be added without its serial number.' : 'It is not at GDMS, and it is not known to which site it belongs.' };
  return { outcome: !('notAsked' in sight.found) ? 'there' : isGrandstream(sight.device) ? 'unknown' : 'left-alone', says: sayFound(sight) };
}

/** What became of each. */
async function addAll({ cloud, place }: ChosenDevices & { readonly cloud: DeviceCloud }, devices: readonly NewDevice[]): Promise<ReadonlyMap<string, Became>> {
  const became = new Map<string, Became>();
  let left = devices;
  for (let tries = 1; left.length > 0; tries += 1) {
    crashPoint('devices.looked');
    const refusals = await refusalsOf(cloud.add(left, place));
    crashPoint('devices.asked');
    const wanted = left.filter(({ mac }) => refusals?.has(mac) !== true).map(({ mac }) => mac);
    const look = (waited: number): Promise<ReadonlyMap<string, CloudDevice>> => cloud.find(waited === 0 ? left.map(({ mac }) => mac) : wanted, place);
    const there = await seen(look, wanted, refusals === undefined ? SHORT_LOOKS_MS : LOOKS_MS);
    for (const { mac } of left) {
      const found = there.get(mac);
      const reason = refusals?.get(mac);
      // Refused and there all the same: somebody else added it in the meantime.
      if (found !== undefined) became.set(mac, { outcome: reason === undefined ? 'added' : 'there', says: `It is at GDMS now, in ${found.site.name || 'its site'}.`, found });
      else if (reason !== undefined) became.set(mac, { outcome: 'refused', says: refusalText(reason) });
      else became.set(mac, { outcome: 'unknown', says: 'GDMS did not refuse it, and does not show it either: look again in a while.' });
    }
    if (refusals !== undefined || tries === TRIES) break;
    left = left.filter(({ mac }) => !there.has(mac));
  }
  return became;
}

/** Undefined when it isn't known what became of the request. */
async function refusalsOf(request: Promise<ReadonlyMap<string, string>>): Promise<ReadonlyMap<string, string> | undefined> {
  try {
    return await request;
  } catch (error) {
    if (isUnknown(error)) return undefined;
    throw error;
  }
}

async function seen(look: (waited: number) => Promise<ReadonlyMap<string, CloudDevice>>, wanted: readonly string[], waits: readonly number[]): Promise<ReadonlyMap<string, CloudDevice>> {
  const there = new Map<string, CloudDevice>();
  for (const waitMs of waits) {
    await pause(waitMs);
    for (const [mac, device] of await look(waitMs)) there.set(mac, device);
    if (wanted.every((mac) => there.has(mac))) break;
  }
  return there;
}

/** 30010 was seen at the live service for a serial number that is another device's; no list of its numbers was to be had. */
function refusalText(reason: string): string {
  if (reason === '30010') return 'GDMS refused it (30010): the serial number is not this device’s. Compare both with its label.';
  return `GDMS refused it: ${reason || 'it gave no reason'}. It may be another account’s: then whoever has it has to let it go.`;
}
