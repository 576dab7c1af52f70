import { Injectable } from '@nestjs/common';
import { QueueLeftV1 } from '@troncal/contracts';
import { ConsumesEvent, type ConsumedEvent, type Delivery } from '@troncal/messaging';
import { OpenTicket } from './open-ticket.js';

/** A caller who left a queue without anybody having taken the call gets a ticket. */
@Injectable()
export class OnQueueLeft {
  constructor(private readonly openTicket: OpenTicket) {}

  @ConsumesEvent(QueueLeftV1)
  async handle(event: ConsumedEvent<typeof QueueLeftV1>, { tx }: Delivery): Promise<void> {
    const { outcome, callId, from, queue, waitedMs, summary } = event.data;
    if (outcome === 'connected') return;
    await this.openTicket.run(tx, { tenant: event.tenantid, callId, from, queue, outcome, waitedMs, summary, at: new Date(event.time) });
  }
}
