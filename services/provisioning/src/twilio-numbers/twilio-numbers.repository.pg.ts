import { Injectable } from '@nestjs/common';
import { Database, type Queryable, type Tx } from '@troncal/persistence';
import type { TwilioNumber } from './twilio-number.js';
import { TwilioNumberRepository } from './twilio-numbers.repository.js';

const ALL = 'environment, tenant, wish, e164, state, why, who, releasable_at AS "releasableAt", found';

@Injectable()
export class PgTwilioNumberRepository extends TwilioNumberRepository {
  constructor(private readonly db: Database) {
    super();
  }

  async find(e164: string): Promise<TwilioNumber | undefined> {
    return (await numbers(this.db, 'e164 = $1', [e164]))[0];
  }

  async list(environment: string, tenants?: readonly string[], from: Queryable = this.db): Promise<TwilioNumber[]> {
    return numbers(from, 'environment = $1 AND ($2::text[] IS NULL OR tenant = ANY ($2)) ORDER BY tenant, wish', [environment, tenants ?? null]);
  }

  async known(e164s: readonly string[], from: Queryable = this.db): Promise<ReadonlySet<string>> {
    return new Set((await from.query<{ e164: string }>('SELECT e164 FROM twilio_numbers WHERE e164 = ANY ($1)', [e164s])).map(({ e164 }) => e164));
  }

  async lock(tx: Tx, e164: string): Promise<TwilioNumber | undefined> {
    return (await numbers(tx, 'e164 = $1 FOR UPDATE', [e164]))[0];
  }

  async lockAll(tx: Tx, e164s: readonly string[]): Promise<TwilioNumber[]> {
    return numbers(tx, 'e164 = ANY ($1) ORDER BY e164 FOR UPDATE', [e164s]);
  }

  async save(tx: Tx, ...all: readonly TwilioNumber[]): Promise<void> {
    if (all.length === 0) return;
    await tx.run(
      `INSERT INTO twilio_numbers (environment, tenant, wish, e164, state, why, who, releasable_at, found)
       SELECT * FROM unnest($1::text[], $2::text[], $3::text[], $4::text[], $5::text[], $6::text[], $7::text[], $8::timestamptz[], $9::json[])
       ON CONFLICT (environment, tenant, wish) DO UPDATE SET e164 = excluded.e164, state = excluded.state, why = excluded.why, who = excluded.who, releasable_at = excluded.releasable_at, found = excluded.found`,
      [
        all.map(({ environment }) => environment), all.map(({ tenant }) => tenant), all.map(({ wish }) => wish), all.map(({ e164 }) => e164), all.map(({ state }) => state),
        all.map(({ why }) => why), all.map(({ who }) => who), all.map(({ releasableAt }) => releasableAt), all.map(({ found }) => (found === null ? null : JSON.stringify(found))),
      ],
    );
  }

  async remove(tx: Tx, ...all: readonly Pick<TwilioNumber, 'environment' | 'tenant' | 'wish'>[]): Promise<void> {
    if (all.length === 0) return;
    await tx.run('DELETE FROM twilio_numbers WHERE (environment, tenant, wish) IN (SELECT * FROM unnest($1::text[], $2::text[], $3::text[]))', [
      all.map(({ environment }) => environment), all.map(({ tenant }) => tenant), all.map(({ wish }) => wish),
    ]);
  }
}

async function numbers(db: Queryable, where: string, values: readonly unknown[]): Promise<TwilioNumber[]> {
  return db.query<TwilioNumber>(`SELECT ${ALL} FROM twilio_numbers WHERE ${where}`, values);
}
