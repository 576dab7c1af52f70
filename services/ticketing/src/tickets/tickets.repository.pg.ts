import { Injectable } from '@nestjs/common';
import { Database, type Tx } from '@troncal/persistence';
import type { MissedOutcome, Ticket } from './ticket.js';
import { TicketRepository, type TicketQuery } from './tickets.repository.js';

interface Row {
  readonly ticket_id: string;
  readonly tenant: string;
  readonly number: number;
  readonly reason: 'missed_call';
  readonly state: 'open';
  readonly title: string;
  readonly call_id: string;
  readonly caller: string;
  readonly queue: string;
  readonly outcome: MissedOutcome;
  readonly waited_ms: number;
  readonly summary: string | null;
  readonly opened_at: Date;
}

@Injectable()
export class PgTicketRepository extends TicketRepository {
  constructor(private readonly db: Database) {
    super();
  }

  async find(ticketId: string): Promise<Ticket | undefined> {
    const [row] = await this.db.query<Row>('SELECT * FROM tickets WHERE ticket_id = $1', [ticketId]);
    return row && toTicket(row);
  }

  async list({ tenant, limit, after }: TicketQuery): Promise<Ticket[]> {
    const rows = await this.db.query<Row>(
      `SELECT * FROM tickets WHERE ($1::text IS NULL OR tenant = $1) AND ($2::text IS NULL OR ticket_id < $2) ORDER BY ticket_id DESC LIMIT $3`,
      [tenant ?? null, after ?? null, limit],
    );
    return rows.map(toTicket);
  }

  async lockNextNumber(tx: Tx, tenant: string): Promise<number> {
    const [row] = await tx.query<{ last: number }>('INSERT INTO ticket_counters AS c (tenant, last) VALUES ($1, 0) ON CONFLICT (tenant) DO UPDATE SET last = c.last RETURNING last', [tenant]);
    return (row?.last ?? 0) + 1;
  }

  async existsForCall(tx: Tx, callId: string): Promise<boolean> {
    return (await tx.query('SELECT 1 FROM tickets WHERE call_id = $1', [callId])).length > 0;
  }

  async insert(tx: Tx, { ticketId, tenant, number, reason, state, title, call, openedAt }: Ticket): Promise<void> {
    await tx.run(
      `INSERT INTO tickets (ticket_id, tenant, number, reason, state, title, call_id, caller, queue, outcome, waited_ms, summary, opened_at)
       VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13)`,
      [ticketId, tenant, number, reason, state, title, call.callId, call.from, call.queue, call.outcome, call.waitedMs, call.summary ?? null, openedAt],
    );
    await tx.run('UPDATE ticket_counters SET last = $2 WHERE tenant = $1', [tenant, number]);
  }
}

function toTicket(row: Row): Ticket {
  return {
    ticketId: row.ticket_id,
    tenant: row.tenant,
    number: row.number,
    reason: row.reason,
    state: row.state,
    title: row.title,
    call: {
      tenant: row.tenant,
      callId: row.call_id,
      from: row.caller,
      queue: row.queue,
      outcome: row.outcome,
      waitedMs: row.waited_ms,
      summary: row.summary ?? undefined,
      at: row.opened_at,
    },
    openedAt: row.opened_at,
  };
}
