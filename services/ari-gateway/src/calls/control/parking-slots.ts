import { PermanentError } from '@troncal/kernel';
import type { CallActor } from '../call-actor.js';
import type { CallRegistry } from '../call-registry.js';

const FIRST = 70;
const LAST = 99;

/** Which slots of a tenant are taken at an edge: by parked calls, and by those that are just being parked. */
export class ParkingSlots {
  private readonly reserved = new Set<string>();

  constructor(private readonly registry: CallRegistry) {}

  /** Who is parked there. */
  find(tenant: string, edgeId: string, slot: string): CallActor | undefined {
    return this.registry.live().find(({ call }) => call.tenant === tenant && call.edgeId === edgeId && call.parked?.slot === slot);
  }

  /** Keeps a slot, this one or the lowest free one, while `use` parks a call in it. @throws PermanentError slot_taken, no_free_slot (409) */
  async use<T>(tenant: string, edgeId: string, wanted: string | undefined, use: (slot: string) => Promise<T>): Promise<T> {
    const slot = wanted ?? this.lowestFree(tenant, edgeId);
    const key = `${tenant}/${edgeId}/${slot}`;
    if (!this.free(tenant, edgeId, slot)) throw new PermanentError('slot_taken', `Slot ${slot} is taken.`, { status: 409, remedy: 'Leave "slot" out to get a free one.' });
    this.reserved.add(key);
    try {
      return await use(slot);
    } finally {
      this.reserved.delete(key);
    }
  }

  private free(tenant: string, edgeId: string, slot: string): boolean {
    return !this.reserved.has(`${tenant}/${edgeId}/${slot}`) && this.find(tenant, edgeId, slot) === undefined;
  }

  private lowestFree(tenant: string, edgeId: string): string {
    for (let slot = FIRST; slot <= LAST; slot += 1) if (this.free(tenant, edgeId, String(slot))) return String(slot);
    throw new PermanentError('no_free_slot', `All slots from ${FIRST} to ${LAST} are taken.`, { status: 409, remedy: 'Pick somebody up, or name a slot of your own of 2 to 4 digits.' });
  }
}
