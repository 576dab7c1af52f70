import { Injectable } from '@nestjs/common';
import type { DeviceListView, DeviceView } from '@troncal/contracts';
import { ChooseDevices } from './choose-devices.js';
import { manualSteps, nextStep, sayFound, type DeviceSight } from './plan-devices.js';

/** Tells of each telephone that a tenant declares what GDMS sees of it, what adding would do, and what a person has to. @throws as ChooseDevices */
@Injectable()
export class ShowDevices {
  constructor(private readonly choose: ChooseDevices) {}

  async run(environment: string, tenant: string): Promise<DeviceListView> {
    const { sights, server, site } = await this.choose.run(environment, tenant);
    return { environment, tenant, devices: sights.map((sight) => viewOf(sight, server, site)) };
  }
}

function viewOf(sight: DeviceSight, server: string, site: number | undefined): DeviceView {
  const { device, found, accounts } = sight;
  const seen = found === 'absent' ? found : 'notAsked' in found ? 'not-asked' : found.standing;
  return {
    mac: device.mac, model: device.model, extensions: device.lines.map(({ extension }) => extension),
    seen, says: sayFound(sight), lastSeen: typeof found === 'object' && 'lastSeen' in found ? found.lastSeen : null, accounts: 'notKnown' in accounts ? [] : [...accounts],
    next: nextStep(sight, site), manual: manualSteps(sight, server, site),
  };
}
