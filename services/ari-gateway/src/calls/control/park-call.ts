import type { Call } from '../call.js';
import type { CallDesk } from '../call-desk.js';
import { callMeant, type AboutCall } from './about-call.js';
import type { DialOut } from './dial-out.js';
import type { ParkingSlots } from './parking-slots.js';

export interface ParkRequest {
  readonly slot?: string | undefined;
  readonly timeoutMs: number;
  readonly returnTo?: string | undefined;
}

/** Parks callers, and has phones pick them up. Who dials a slot picks up by itself: accept-pickup.ts. */
export class ParkCall {
  constructor(
    private readonly desk: CallDesk,
    private readonly slots: ParkingSlots,
    private readonly dialOut: DialOut,
  ) {}

  /** @throws PermanentError slot_taken, no_free_slot, wrong_state (409); no_such_endpoint (422) */
  async park(about: AboutCall, { slot: wanted, timeoutMs, returnTo }: ParkRequest): Promise<{ readonly call: Call; readonly slot: string }> {
    const actor = await callMeant(this.desk, about);
    if (returnTo !== undefined) this.dialOut.phone(actor.call, returnTo);
    return this.slots.use(actor.call.tenant, actor.call.edgeId, wanted, async (slot) => {
      const call = await actor.request({ kind: 'park', slot, timeoutMs, requestedBy: about.by, ...(returnTo === undefined ? {} : { returnTo }) });
      return { call, slot };
    });
  }

  /** @throws PermanentError not_parked, being_picked_up (409); no_such_endpoint (422) */
  async pickup(about: AboutCall, { extension, timeoutMs }: { readonly extension: string; readonly timeoutMs: number }): Promise<Call> {
    const actor = await callMeant(this.desk, about);
    return actor.request({ kind: 'pickup', extension, target: this.dialOut.phone(actor.call, extension), timeoutMs });
  }

  /** Everybody who is parked, of one tenant or of all, whichever gateway has the call. */
  parked(tenant: string | undefined): Promise<readonly Call[]> {
    return this.desk.parked(tenant);
  }
}
