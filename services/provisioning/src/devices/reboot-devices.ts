import { Inject, Injectable } from '@nestjs/common';
import { LOGGER } from '@troncal/chassis';
import type { DeviceOutcome, DeviceOutcomesView } from '@troncal/contracts';
import { newId } from '@troncal/kernel';
import type { Logger } from '@troncal/observability';
import { ChooseDevices } from './choose-devices.js';
import { isUnknown } from './gdms/gdms.errors.js';
import { sayFound, type DeviceSight } from './plan-devices.js';
import { isGrandstream } from './tenant-device.js';

/** Devices in one order. */
const BATCH = 50;

type Became = Pick<DeviceOutcome, 'outcome' | 'says'>;

/**
 * Has the telephones of a tenant reboot that GDMS can reach. An order of which it isn't known whether it was taken is not given again: nobody's telephone reboots twice.
 * @throws as AddDevices
 */
@Injectable()
export class RebootDevices {
  constructor(
    private readonly choose: ChooseDevices,
    @Inject(LOGGER) private readonly logger: Logger,
  ) {}

  /** @param by the id of the API key, for the log */
  async run(environment: string, tenant: string, macs: readonly string[] | undefined, by: string): Promise<DeviceOutcomesView> {
    const { sights, cloud, place } = await this.choose.toChange(environment, tenant, macs);
    const reachable = sights.filter(isReachable).map(({ device }) => device.mac);
    const became = new Map<string, Became>();
    for (let at = 0; at < reachable.length; at += BATCH) {
      const batch = reachable.slice(at, at + BATCH);
      const how = await ordered(cloud.reboot(batch, `troncal-${newId()}`, place));
      for (const mac of batch) became.set(mac, how);
    }
    if (reachable.length > 0) this.logger.info({ environment, tenant, by, devices: reachable.length }, 'GDMS was asked to reboot telephones');
    return {
      environment,
      tenant,
      outcomes: sights.map((sight): DeviceOutcome => {
        const { mac, model, lines } = sight.device;
        return { mac, model, extensions: lines.map(({ extension }) => extension), ...(became.get(mac) ?? leftAlone(sight)), manual: [] };
      }),
    };
  }
}

const isReachable = ({ found }: DeviceSight): boolean => typeof found === 'object' && 'standing' in found && found.standing !== 'offline';

function leftAlone(sight: DeviceSight): Became {
  const isAsked = sight.found === 'absent' || !('notAsked' in sight.found);
  return { outcome: isAsked ? 'not-online' : isGrandstream(sight.device) ? 'unknown' : 'left-alone', says: sayFound(sight) };
}

async function ordered(order: Promise<void>): Promise<Became> {
  try {
    await order;
    return { outcome: 'rebooted', says: 'GDMS took the order.' };
  } catch (error) {
    if (isUnknown(error)) return { outcome: 'unknown', says: 'It is not known whether GDMS took the order, and it was not given again: see whether it reboots.' };
    throw error;
  }
}
