import type { CallRefusedV1, DataOf } from '@troncal/contracts';
import type { CallEventsPublisher } from './call-events.publisher.js';
import type { CallRepository } from './call.repository.js';
import type { LateWrites } from './late-writes.js';
import type { CallSensors } from '../sensors/call-sensors.js';

export type Refusal = DataOf<typeof CallRefusedV1>;

/** Tells of calls that never became one. */
export class CallRefusals {
  constructor(
    private readonly events: CallEventsPublisher,
    private readonly calls: CallRepository,
    private readonly late: LateWrites,
    private readonly sensors: CallSensors,
  ) {}

  /** States CallRefused; nobody waits for it. */
  tellSoon(tenant: string, refusal: Refusal): void {
    this.sensors.refused(tenant, refusal);
    this.late.add('CallRefused', async (tx) => {
      const event = await this.events.refused(tx, tenant, refusal);
      await this.calls.addToTimeline(tx, refusal.callId, event);
    });
  }
}
