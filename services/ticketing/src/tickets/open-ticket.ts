import { Injectable } from '@nestjs/common';
import { newId } from '@troncal/kernel';
import type { Tx } from '@troncal/persistence';
import { ticketFor, type MissedCall, type Ticket } from './ticket.js';
import { TicketPublisher } from './tickets.publisher.js';
import { TicketRepository } from './tickets.repository.js';

/** Opens the ticket of a missed call, once per call: a caller who leaves two queues unserved is still one caller to call back. */
@Injectable()
export class OpenTicket {
  constructor(
    private readonly tickets: TicketRepository,
    private readonly publisher: TicketPublisher,
  ) {}

  /** @returns the ticket opened now, or undefined when the call has one */
  async run(tx: Tx, call: MissedCall): Promise<Ticket | undefined> {
    const number = await this.tickets.lockNextNumber(tx, call.tenant);
    if (await this.tickets.existsForCall(tx, call.callId)) return undefined;
    const ticket = ticketFor(call, newId(), number);
    await this.tickets.insert(tx, ticket);
    await this.publisher.opened(tx, ticket);
    return ticket;
  }
}
