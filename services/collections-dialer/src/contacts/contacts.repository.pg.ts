import { Injectable } from '@nestjs/common';
import { Database, type Tx } from '@troncal/persistence';
import type { Contact, ContactFacts } from './contact.js';
import { ContactRepository, type ContactQuery } from './contacts.repository.js';

const SHOWN = `call_id AS "callId", tenant, party, direction, disposition, started_at AS "startedAt", answered_at AS "answeredAt", ended_at AS "endedAt",
  duration_ms AS "durationMs", answered_ms AS "answeredMs"`;

@Injectable()
export class PgContactRepository extends ContactRepository {
  constructor(private readonly db: Database) {
    super();
  }

  async list({ tenant, party, limit, after }: ContactQuery): Promise<Contact[]> {
    return this.db.query<Contact>(
      `SELECT ${SHOWN} FROM contacts
       WHERE tenant = $1 AND started_at IS NOT NULL AND direction IS NOT NULL AND ($2::text IS NULL OR party = $2)
         AND ($3::timestamptz IS NULL OR (started_at, call_id) < ($3, $4::uuid))
       ORDER BY started_at DESC, call_id DESC LIMIT $5`,
      [tenant, party ?? null, after?.startedAt ?? null, after?.callId ?? null, limit],
    );
  }

  async record(tx: Tx, facts: ContactFacts): Promise<void> {
    await tx.run(
      `INSERT INTO contacts AS c (call_id, tenant, party, direction, disposition, started_at, answered_at, ended_at, duration_ms, answered_ms)
       VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)
       ON CONFLICT (call_id) DO UPDATE SET
         party = coalesce(c.party, excluded.party), direction = coalesce(c.direction, excluded.direction), disposition = coalesce(c.disposition, excluded.disposition),
         started_at = coalesce(c.started_at, excluded.started_at), answered_at = coalesce(c.answered_at, excluded.answered_at), ended_at = coalesce(c.ended_at, excluded.ended_at),
         duration_ms = coalesce(c.duration_ms, excluded.duration_ms), answered_ms = coalesce(c.answered_ms, excluded.answered_ms)
       WHERE c.tenant = excluded.tenant`,
      [
        facts.callId,
        facts.tenant,
        facts.party ?? null,
        facts.direction ?? null,
        facts.disposition ?? null,
        facts.startedAt ?? null,
        facts.answeredAt ?? null,
        facts.endedAt ?? null,
        facts.durationMs ?? null,
        facts.answeredMs ?? null,
      ],
    );
  }
}
