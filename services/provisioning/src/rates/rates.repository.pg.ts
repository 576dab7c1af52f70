import { Injectable } from '@nestjs/common';
import { Database, type Queryable } from '@troncal/persistence';
import type { Rate } from './rate-source.js';
import { RateRepository } from './rates.repository.js';

const FIND = {
  name: 'rate-find',
  text: 'SELECT prefix, currency, per_minute_micros AS "perMinuteMicros" FROM rates WHERE country = $1 AND currency = $2 AND prefix = ANY ($3) ORDER BY length(prefix) DESC LIMIT 1',
};

@Injectable()
export class PgRateRepository extends RateRepository {
  constructor(private readonly db: Database) {
    super();
  }

  async replace(country: string, rates: readonly Rate[], readAt: Date): Promise<void> {
    await this.db.transaction(async (tx) => {
      await tx.run('DELETE FROM rates WHERE country = $1', [country]);
      await tx.run('INSERT INTO rates (country, currency, prefix, per_minute_micros, read_at) SELECT $1, * , $5::timestamptz FROM unnest($2::text[], $3::text[], $4::bigint[])', [
        country, rates.map((rate) => rate.currency), rates.map((rate) => rate.prefix), rates.map((rate) => rate.perMinuteMicros), readAt,
      ]);
    });
  }

  async readAt(country: string): Promise<Date | undefined> {
    const [row] = await this.db.query<{ readAt: Date }>('SELECT read_at AS "readAt" FROM rates WHERE country = $1 LIMIT 1', [country]);
    return row?.readAt;
  }

  async find(db: Queryable, country: string, e164: string, currency: string): Promise<Rate | undefined> {
    const prefixes = Array.from({ length: e164.length - 1 }, (_, index) => e164.slice(0, index + 2));
    const [row] = await db.query<Rate>(FIND, [country, currency, prefixes]);
    return row;
  }
}
