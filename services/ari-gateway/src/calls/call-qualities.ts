import type { Call, Leg } from './call.js';
import type { CallEventsPublisher } from './call-events.publisher.js';
import type { CallRepository } from './call.repository.js';
import type { LateWrites } from './late-writes.js';
import type { LegRtp } from './leg-rtp.js';

/** Tells how the audio of calls was. */
export class CallQualities {
  constructor(
    private readonly events: CallEventsPublisher,
    private readonly calls: CallRepository,
    private readonly late: LateWrites,
  ) {}

  /** States CallQualityMeasured, also of a call that is over; nobody waits for it. */
  tellSoon({ callId, tenant }: Call, { legId }: Leg, rtp: LegRtp): void {
    this.late.add('CallQualityMeasured', async (tx) => {
      const event = await this.events.measured(tx, tenant, { callId, legId, measuredBy: 'asterisk_rtp', ...rtp });
      await this.calls.addToTimeline(tx, callId, event);
    });
  }
}
