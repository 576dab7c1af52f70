import { Injectable } from '@nestjs/common';
import { Database, type Prepared, type Tx } from '@troncal/persistence';
import { callIdOf } from '../voice/call-id.js';
import type { RailFact } from './call-facts.js';
import { RailCallRepository, type AskedCall, type RailCallProgress, type RailCallRow } from './rail-call.repository.js';

interface Row {
  readonly call_id: string;
  readonly environment: string;
  readonly tenant: string;
  readonly stated: string[];
}

interface FactRow {
  readonly fact: RailFact;
  readonly noted_at: Date;
  readonly now: Date;
}

// Each fact of each call passes these: parsed and planned once per connection.
const KEEP: Prepared = {
  name: 'rail-calls.keep',
  // Each statement for itself is a transaction, and each way to the database and back is a turn in which answers wait: one for both tables.
  text: `WITH calls AS (
       INSERT INTO rail_calls (call_sid, call_id, environment, tenant)
       SELECT * FROM jsonb_to_recordset($1) AS each (call_sid text, call_id uuid, environment text, tenant text) ORDER BY call_sid ON CONFLICT DO NOTHING)
     INSERT INTO rail_facts (call_sid, key, fact) SELECT each ->> 'callSid', each ->> 'key', each FROM jsonb_array_elements($2) AS each ON CONFLICT DO NOTHING`,
};
const DUE: Prepared = {
  name: 'rail-calls.due',
  text: `(SELECT DISTINCT call_sid FROM rail_facts WHERE NOT looked LIMIT $1)
     UNION (SELECT call_sid FROM rail_calls WHERE due_at <= clock_timestamp() ORDER BY due_at LIMIT $1)`,
};
const NEXT: Prepared = { name: 'rail-calls.next', text: 'SELECT (extract(epoch FROM min(due_at) - clock_timestamp()) * 1000)::double precision AS ms FROM rail_calls WHERE due_at IS NOT NULL' };
const LOCK: Prepared = {
  name: 'rail-calls.lock',
  // Not FOR UPDATE: the foreign key of a fact that is stored meanwhile must not wait for it.
  text: `WITH call AS (SELECT call_sid, call_id, environment, tenant, stated FROM rail_calls WHERE call_sid = $1 FOR NO KEY UPDATE SKIP LOCKED),
       seen AS (UPDATE rail_facts SET looked = true FROM call WHERE rail_facts.call_sid = call.call_sid AND NOT looked)
     SELECT call_id, environment, tenant, stated FROM call`,
};
const FACTS: Prepared = { name: 'rail-calls.facts', text: 'SELECT fact, noted_at, clock_timestamp() AS now FROM rail_facts WHERE call_sid = $1' };
const LOOKED: Prepared = { name: 'rail-calls.looked', text: 'UPDATE rail_facts SET looked = true WHERE call_sid = $1 AND NOT looked' };
const ADVANCE: Prepared = {
  name: 'rail-calls.advance',
  text: `UPDATE rail_calls SET environment = $2, tenant = $3, stated = stated || $4::text[], due_at = $5, ended_at = coalesce(ended_at, $6), heard_at = $7,
       queue = $8, queue_tenant = $9, queued_at = $10, talks_with = $11 WHERE call_sid = $1`,
};

/** Facts and calls of Twilio's rail in PostgreSQL. */
@Injectable()
export class PgRailCallRepository extends RailCallRepository {
  constructor(private readonly db: Database) {
    super();
  }

  async keep(facts: readonly RailFact[]): Promise<void> {
    const calls = new Map(facts.map(({ callSid, environment, tenant }) => [callSid, { call_sid: callSid, call_id: callIdOf(callSid), environment, tenant }]));
    await this.db.run(KEEP, [JSON.stringify([...calls.values()]), JSON.stringify(facts)]);
  }

  async due(limit: number): Promise<{ readonly callSids: readonly string[]; readonly nextInMs: number | undefined }> {
    const rows = await this.db.query<{ call_sid: string }>(DUE, [limit]);
    if (rows.length > 0) return { callSids: rows.map((row) => row.call_sid), nextInMs: 0 };
    const [next] = await this.db.query<{ ms: number | null }>(NEXT);
    return { callSids: [], nextInMs: next?.ms == null ? undefined : Math.max(0, next.ms) };
  }

  async lock(tx: Tx, callSid: string): Promise<RailCallRow | undefined> {
    const [row] = await tx.query<Row>(LOCK, [callSid]);
    if (!row) return undefined;
    // A statement of its own: what is stored in between is read now, and looked at once more.
    const facts = await tx.query<FactRow>(FACTS, [callSid]);
    const { call_id: callId, environment, tenant, stated } = row;
    return { callSid, callId, environment, tenant, stated, facts: facts.map(({ fact, noted_at }) => ({ fact, notedAt: noted_at.getTime() })), now: facts[0]?.now.getTime() ?? 0 };
  }

  async advance(tx: Tx, callSid: string, { environment, tenant, stated, dueAt, endedAt, heardAt, waitsIn, talksWith }: RailCallProgress): Promise<void> {
    const date = (ms: number | undefined): Date | null => (ms === undefined ? null : new Date(ms));
    await tx.run(ADVANCE, [
      callSid, environment, tenant, [...stated], date(dueAt), date(endedAt), date(heardAt), waitsIn?.queue ?? null, waitsIn?.tenant ?? null, date(waitsIn?.since), talksWith ?? null,
    ]);
  }

  async postpone(callSid: string, ms: number): Promise<void> {
    await this.db.transaction(async (tx) => {
      await tx.run(LOOKED, [callSid]);
      await tx.run(`UPDATE rail_calls SET due_at = clock_timestamp() + $2 * interval '1 millisecond' WHERE call_sid = $1`, [callSid, ms]);
    });
  }

  takeSilent(silentMs: number, limit: number): Promise<AskedCall[]> {
    return this.take(
      `SELECT call_sid FROM rail_calls WHERE ended_at IS NULL AND greatest(heard_at, asked_at) < clock_timestamp() - $1 * interval '1 millisecond' ORDER BY heard_at LIMIT $2 FOR UPDATE SKIP LOCKED`,
      'asked_at = clock_timestamp()',
      [silentMs, limit],
    );
  }

  takeUnpriced(firstWaitMs: number, tries: number, limit: number): Promise<AskedCall[]> {
    return this.takeEnded('price_tries', { since: 'greatest(ended_at, asked_at)', also: 'asked_at = clock_timestamp(), ' }, [firstWaitMs, limit, tries]);
  }

  takeUnmeasured(firstWaitMs: number, tries: number, limit: number): Promise<AskedCall[]> {
    // Not noted as asked: the next look for its price would wait from now on.
    return this.takeEnded('quality_tries', { since: 'ended_at', also: '' }, [firstWaitMs, limit, tries]);
  }

  async priced(callSid: string): Promise<void> {
    await this.db.run('UPDATE rail_calls SET price_tries = NULL WHERE call_sid = $1', [callSid]);
  }

  async measured(callSid: string): Promise<void> {
    await this.db.run('UPDATE rail_calls SET quality_tries = NULL WHERE call_sid = $1', [callSid]);
  }

  async sidsOf(callSid: string): Promise<string[]> {
    const rows = await this.db.query<{ sid: string }>(`SELECT DISTINCT fact ->> 'legSid' AS sid FROM rail_facts WHERE call_sid = $1 AND fact ? 'legSid'`, [callSid]);
    return [...new Set([callSid, ...rows.map(({ sid }) => sid)])];
  }

  forget(keepMs: number): Promise<number> {
    return this.db.run(
      `DELETE FROM rail_calls WHERE call_sid IN (SELECT call_sid FROM rail_calls WHERE ended_at < clock_timestamp() - $1 * interval '1 millisecond' ORDER BY ended_at LIMIT 1000)`,
      [keepMs],
    );
  }

  /** @param tries the column that counts how often was asked @param since what a wait is counted from @param also what else is noted */
  private takeEnded(tries: 'price_tries' | 'quality_tries', { since, also }: { readonly since: string; readonly also: string }, [firstWaitMs, limit, most]: readonly [number, number, number]): Promise<AskedCall[]> {
    return this.take(
      `SELECT call_sid FROM rail_calls WHERE ended_at IS NOT NULL AND ${tries} IS NOT NULL
         AND ${since} < clock_timestamp() - $1 * interval '1 millisecond' * power(4, ${tries}) ORDER BY ended_at LIMIT $2 FOR UPDATE SKIP LOCKED`,
      `${also}${tries} = CASE WHEN ${tries} + 1 < $3 THEN ${tries} + 1 END`,
      [firstWaitMs, limit, most],
    );
  }

  private async take(which: string, change: string, values: readonly unknown[]): Promise<AskedCall[]> {
    const rows = await this.db.query<{ call_sid: string; environment: string; tenant: string; heard_at: Date }>(
      `UPDATE rail_calls SET ${change} WHERE call_sid IN (${which}) RETURNING call_sid, environment, tenant, heard_at`,
      values,
    );
    return rows.map(({ call_sid: callSid, environment, tenant, heard_at: heardAt }) => ({ callSid, environment, tenant, heardAt: heardAt.getTime() }));
  }
}
