import { Controller, Get } from '@nestjs/common';
import { Caller, Params, Query, type CallerFacts } from '@troncal/chassis';
import { listTicketsSchema, type ticketPageSchema, type TicketView } from '@troncal/contracts';
import { PermanentError } from '@troncal/kernel';
import { z } from 'zod';
import type { Ticket } from './ticket.js';
import { TicketRepository } from './tickets.repository.js';

const pathSchema = z.object({ ticketId: z.string().regex(/^[0-7][0-9A-HJKMNP-TV-Z]{25}$/, 'expected a ticket id: 26 letters and digits') });

/** Tickets over HTTP. A key of one tenant sees its own; others do not exist for it. */
@Controller('api/tickets')
export class TicketsController {
  constructor(private readonly tickets: TicketRepository) {}

  @Get()
  async list(@Caller() caller: CallerFacts, @Query(listTicketsSchema) query: z.output<typeof listTicketsSchema>): Promise<z.output<typeof ticketPageSchema>> {
    if (caller.tenant !== '*' && query.tenant !== undefined && query.tenant !== caller.tenant) throw unknownTenant(query.tenant);
    const found = await this.tickets.list({ tenant: caller.tenant === '*' ? query.tenant : caller.tenant, limit: query.limit + 1, after: query.after });
    const tickets = found.slice(0, query.limit).map(viewOf);
    const last = tickets.at(-1);
    return found.length > query.limit && last ? { tickets, next: last.ticketId } : { tickets };
  }

  @Get(':ticketId')
  async show(@Caller() caller: CallerFacts, @Params(pathSchema) { ticketId }: z.output<typeof pathSchema>): Promise<TicketView> {
    const ticket = await this.tickets.find(ticketId);
    if (!ticket || (caller.tenant !== '*' && caller.tenant !== ticket.tenant)) {
      throw new PermanentError('unknown_ticket', `There is no ticket ${ticketId}.`, { status: 404, remedy: 'GET /api/tickets lists the ones this key may see.' });
    }
    return viewOf(ticket);
  }
}

const unknownTenant = (tenant: string): PermanentError =>
  new PermanentError('unknown_tenant', `There is no tenant "${tenant}".`, { status: 404, remedy: 'Leave "tenant" out: this key sees its own tickets.' });

function viewOf({ ticketId, tenant, number, reason, state, title, call, openedAt }: Ticket): TicketView {
  const { callId, from, queue, outcome, waitedMs, summary } = call;
  return { ticketId, tenant, number, reason, state, title, callId, from, queue, outcome, waitedMs, summary: summary ?? null, openedAt: openedAt.toISOString() };
}
