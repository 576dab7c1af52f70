import { Injectable } from '@nestjs/common';
import { TicketOpenedV1 } from '@troncal/contracts';
import { Outbox, type Tx } from '@troncal/persistence';
import type { Ticket } from './ticket.js';

/** States what becomes true of a ticket, in the transaction that makes it so. */
@Injectable()
export class TicketPublisher {
  constructor(private readonly outbox: Outbox) {}

  async opened(tx: Tx, { ticketId, tenant, number, reason, title, call }: Ticket): Promise<void> {
    await this.outbox.emit(tx, TicketOpenedV1, { tenant, subject: ticketId, data: { ticketId, number, reason, title, callId: call.callId, from: call.from } });
  }
}
