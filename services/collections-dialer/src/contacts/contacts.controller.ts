import { Controller, Get } from '@nestjs/common';
import { Caller, Query, type CallerFacts } from '@troncal/chassis';
import { listContactsSchema, type contactPageSchema, type ContactView } from '@troncal/contracts';
import type { z } from 'zod';
import { readCursor, writeCursor } from './contact-cursor.js';
import type { Contact } from './contact.js';
import { badCursor, tenantNeeded, unknownTenant } from './contacts.errors.js';
import { ContactRepository } from './contacts.repository.js';

/** The contact ledger over HTTP. A key of one tenant sees its own; others do not exist for it. */
@Controller('api/contacts')
export class ContactsController {
  constructor(private readonly contacts: ContactRepository) {}

  @Get()
  async list(@Caller() caller: CallerFacts, @Query(listContactsSchema) query: z.output<typeof listContactsSchema>): Promise<z.output<typeof contactPageSchema>> {
    const tenant = tenantOf(caller, query.tenant);
    const after = query.after === undefined ? undefined : readCursor(query.after);
    if (query.after !== undefined && !after) throw badCursor();
    const found = await this.contacts.list({ tenant, party: query.number, limit: query.limit + 1, after });
    const page = found.slice(0, query.limit);
    const last = page.at(-1);
    return { contacts: page.map(viewOf), ...(found.length > query.limit && last && { next: writeCursor(last) }) };
  }
}

function tenantOf(caller: CallerFacts, asked: string | undefined): string {
  if (caller.tenant === '*') return asked ?? tenantNeeded();
  if (asked !== undefined && asked !== caller.tenant) throw unknownTenant(asked);
  return caller.tenant;
}

function viewOf(contact: Contact): ContactView {
  const { callId, tenant, party, direction, disposition, startedAt, answeredAt, endedAt, durationMs, answeredMs } = contact;
  const times = { startedAt: startedAt.toISOString(), answeredAt: answeredAt?.toISOString() ?? null, endedAt: endedAt?.toISOString() ?? null };
  return { callId, tenant, party, direction, disposition, ...times, durationMs, answeredMs };
}
