import type { Complaint, ComplaintView } from '@troncal/contracts';
import { newId, type Clock } from '@troncal/kernel';
import type { Database } from '@troncal/persistence';
import type { Call } from './call.js';
import type { CallEventsPublisher } from './call-events.publisher.js';
import type { CallRepository } from './call.repository.js';

/** Takes a complaint of a call of either rail, live or over: it is stated, and stands in the call's timeline. Each is a new one, as people may complain twice. */
export class AddComplaint {
  constructor(
    private readonly db: Database,
    private readonly calls: CallRepository,
    private readonly events: CallEventsPublisher,
    private readonly clock: Clock,
  ) {}

  /** Rejects with TransientError `database_away`. */
  async run({ callId, tenant, twilio, startedAt }: Call, { kind, note }: Complaint): Promise<ComplaintView> {
    const complaintId = newId();
    const said = note === undefined || note === '' ? {} : { note };
    await this.db.transaction(async (tx) => {
      const event = await this.events.complained(tx, tenant, { callId, complaintId, kind, rail: twilio ? 'twilio' : 'asterisk', callStartedAt: new Date(startedAt).toISOString(), ...said });
      await this.calls.addToTimeline(tx, callId, event);
    });
    return { complaintId, callId, tenant, kind, ...said, at: this.clock.date().toISOString() };
  }
}
