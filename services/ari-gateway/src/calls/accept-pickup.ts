import type { Channel } from '@troncal/ari';
import { routeTo } from '@troncal/callflow';
import { newLegId } from '@troncal/kernel';
import type { Clock } from '@troncal/kernel';
import type { TenantDirectory } from '../tenant-directory/tenant-directory.js';
import type { CallRegistry } from './call-registry.js';
import { ParkingSlots } from './control/parking-slots.js';
import { newCall } from './new-call.js';
import type { Arrival } from './resolve-inbound.js';

const PICKUP = /^\*85([0-9]{2,4})$/;

/** The slot that was dialled; undefined when something else was. */
export const pickupSlot = (dialled: string): string | undefined => PICKUP.exec(dialled)?.[1];

export interface PickupPorts {
  readonly directory: TenantDirectory;
  readonly clock: Clock;
  readonly edgeId: string;
}

/** A phone that dials *85 and a slot takes the caller who is parked there: its own call is put together with the parked one. */
export class AcceptPickup {
  private readonly slots: ParkingSlots;

  constructor(
    private readonly registry: CallRegistry,
    private readonly ports: PickupPorts,
  ) {
    this.slots = new ParkingSlots(registry);
  }

  /** @param take keeps the dialplan's fallback off the phone. @returns false when nobody can be picked up there by this phone; nothing was done then */
  async run(channel: Channel, { dialled, endpoint: sipUser }: Arrival, take: (channelId: string) => void): Promise<boolean> {
    const { directory, clock, edgeId } = this.ports;
    const phone = directory.endpointOfSipUser(sipUser);
    const tenant = directory.tenant(phone?.tenant ?? '');
    const parked = phone && tenant && !tenant.suspended ? this.slots.find(tenant.tenant, edgeId, pickupSlot(dialled) ?? '') : undefined;
    if (!phone || !tenant || !parked) return false;
    const call = newCall({
      tenant: tenant.tenant, direction: 'internal', from: phone.extension, to: dialled, edgeId, language: tenant.language, routeRef: null, dials: {}, channelId: channel.id, primary: 'caller',
      // Never rung: the call talks from its beginning and ends with the other one.
      route: routeTo({ kind: 'extension', extension: phone.extension, announce: false }, tenant.language), answered: channel.state === 'Up', now: clock.now(),
    });
    const legs = { mine: newLegId(), theirs: newLegId() };
    try {
      await parked.request({ kind: 'link', legId: legs.theirs, to: { kind: 'call', callId: call.callId, legId: legs.mine }, dials: false, pickup: phone.extension });
    } catch {
      return false;
    }
    take(channel.id);
    const actor = this.registry.open(call);
    await actor.ask({ kind: 'begin', talks: true });
    await actor.request({ kind: 'link', legId: legs.mine, to: { kind: 'call', callId: parked.call.callId, legId: legs.theirs }, dials: true }).catch(() => {
      parked.tell({ kind: 'leg_gone', channelId: legs.theirs, cause: 16 });
      actor.tell({ kind: 'hangup', by: 'system', cause: 16 });
    });
    return true;
  }
}
