import type { Tx } from '@troncal/persistence';
import type { Ticket } from './ticket.js';

/** A page of tickets, newest first. */
export interface TicketQuery {
  /** All tenants when absent. */
  readonly tenant?: string | undefined;
  readonly limit: number;
  /** The ticket id before which (in time) it begins. */
  readonly after?: string | undefined;
}

/** Keeps tickets. */
export abstract class TicketRepository {
  abstract find(ticketId: string): Promise<Ticket | undefined>;
  abstract list(query: TicketQuery): Promise<Ticket[]>;
  /** Locks the tenant’s counter until the transaction ends, so that tickets of a tenant are opened one after the other. Gives the next number. */
  abstract lockNextNumber(tx: Tx, tenant: string): Promise<number>;
  abstract existsForCall(tx: Tx, callId: string): Promise<boolean>;
  /** Inserts the ticket and counts its number as used. */
  abstract insert(tx: Tx, ticket: Ticket): Promise<void>;
}
