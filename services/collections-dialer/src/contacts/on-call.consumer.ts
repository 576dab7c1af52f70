import { Injectable } from '@nestjs/common';
import { CallAnsweredV1, CallEndedV1, CallStartedV1, type EventOf } from '@troncal/contracts';
import { ConsumesEvents, isEvent, type ConsumedEvent, type Delivery } from '@troncal/messaging';
import { otherParty, startOf, type ContactFacts } from './contact.js';
import { ContactRepository } from './contacts.repository.js';

type CallEvent = ConsumedEvent<typeof CallStartedV1 | typeof CallAnsweredV1 | typeof CallEndedV1>;

/** Writes every call into the contact ledger. */
@Injectable()
export class OnCall {
  constructor(private readonly contacts: ContactRepository) {}

  @ConsumesEvents([CallStartedV1, CallAnsweredV1, CallEndedV1])
  async handle(event: CallEvent, { tx }: Delivery): Promise<void> {
    await this.contacts.record(tx, factsOf(event));
  }
}

/** What an event tells of its call. */
export function factsOf(event: EventOf<{ readonly callId: string }>): ContactFacts {
  const at = new Date(event.time);
  const call = { callId: event.data.callId, tenant: event.tenantid };
  if (isEvent(CallStartedV1, event)) return { ...call, party: otherParty(event.data), direction: event.data.direction, startedAt: at };
  if (isEvent(CallAnsweredV1, event)) return { ...call, answeredAt: at };
  if (!isEvent(CallEndedV1, event)) return call;
  const { direction, disposition, durationMs, answeredMs } = event.data;
  // The start is reckoned back for a call whose CallStarted was given up: its contact must not be missing from the ledger.
  return { ...call, party: otherParty(event.data), direction, disposition, startedAt: startOf(at, durationMs), endedAt: at, durationMs, answeredMs };
}
