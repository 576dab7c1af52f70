import { Inject, Injectable } from '@nestjs/common';
import { CONFIG } from '@troncal/chassis';
import type { Caps } from '@troncal/contracts';
import { Database, type Queryable, type Tx } from '@troncal/persistence';
import type { Purse, Reservation, SpendAccount, SpendUse } from './spend-account.js';
import type { SpendConfig } from './spend-env.js';
import { SpendRepository, type SettledCost, type SpendMoment, type StoredReservation } from './spend.repository.js';

interface AccountRow {
  readonly revision: number;
  readonly currency: string | null;
  readonly day_micros: number | null;
  readonly month_micros: number | null;
  readonly minutes_per_day: number | null;
  readonly calls_per_minute: number | null;
  readonly concurrent_calls: number | null;
}
interface UseRow {
  readonly settled_day_micros: number;
  readonly settled_month_micros: number;
  readonly settled_day_minutes: number;
  readonly reserved_day_micros: number;
  readonly reserved_month_micros: number;
  readonly reserved_day_minutes: number;
  readonly calls_last_minute: number;
  readonly concurrent_calls: number;
}
interface ReservationRow {
  readonly environment: string;
  readonly tenant: string;
  readonly day: string;
  readonly currency: string;
  readonly per_minute_micros: number;
  readonly settled_micros: number | null;
  readonly settled_minutes: number | null;
  readonly priced: boolean;
}

const CAPS = 'revision, currency, day_micros, month_micros, minutes_per_day, calls_per_minute, concurrent_calls';
// One statement that makes the row if it isn't there and locks it in either case.
const LOCK = {
  name: 'spend-lock',
  text: `INSERT INTO spend_accounts AS a (environment, tenant) VALUES ($1, $2) ON CONFLICT (environment, tenant) DO UPDATE SET taken = a.taken + 1 RETURNING ${CAPS}`,
};
const MONTH = `>= date_trunc('month', $4::date) AND day < date_trunc('month', $4::date) + interval '1 month'`;
const USE = {
  name: 'spend-use',
  text: `
    WITH past AS (
      SELECT coalesce(sum(settled_micros) FILTER (WHERE day = $4), 0)::bigint AS day_micros, coalesce(sum(settled_micros), 0)::bigint AS month_micros,
             coalesce(sum(settled_minutes) FILTER (WHERE day = $4), 0)::bigint AS day_minutes
      FROM spend_days WHERE environment = $1 AND tenant = $2 AND currency = $5 AND day ${MONTH}
    ), kept AS (
      SELECT coalesce(sum(reserved_micros) FILTER (WHERE day = $4 AND currency = $5), 0)::bigint AS day_micros,
             coalesce(sum(reserved_micros) FILTER (WHERE currency = $5 AND day ${MONTH}), 0)::bigint AS month_micros,
             coalesce(sum(reserved_minutes) FILTER (WHERE day = $4), 0)::bigint AS day_minutes,
             count(*) AS calls
      FROM spend_reservations WHERE environment = $1 AND tenant = $2 AND state = 'open' AND expires_at > $3
    )
    SELECT past.day_micros AS settled_day_micros, past.month_micros AS settled_month_micros, past.day_minutes AS settled_day_minutes,
           kept.day_micros AS reserved_day_micros, kept.month_micros AS reserved_month_micros, kept.day_minutes AS reserved_day_minutes,
           kept.calls AS concurrent_calls,
           (SELECT count(*) FROM spend_reservations WHERE environment = $1 AND tenant = $2 AND made_at > $3::timestamptz - interval '60 s') AS calls_last_minute
    FROM past, kept`,
};
// What lapsed is marked where its tenant is at hand anyway, so that the index of open ones stays as small as what is open.
const RESERVE = {
  name: 'spend-reserve',
  text: `
    WITH lapsed AS (UPDATE spend_reservations SET state = 'lapsed' WHERE environment = $2 AND tenant = $3 AND state = 'open' AND expires_at <= $11)
    INSERT INTO spend_reservations
      (reservation_id, environment, tenant, request_key, call_id, day, currency, per_minute_micros, reserved_micros, reserved_minutes, state, made_at, expires_at)
    VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, 'open', $11, $12)`,
};
const SETTLE_DAY = `
  INSERT INTO spend_days AS d (environment, tenant, day, currency, settled_micros, settled_minutes, settled_calls) VALUES ($1, $2, $3, $4, $5, $6, $7)
  ON CONFLICT (environment, tenant, day, currency) DO UPDATE
  SET settled_micros = d.settled_micros + excluded.settled_micros - $8, settled_minutes = d.settled_minutes + excluded.settled_minutes - $9, settled_calls = d.settled_calls + excluded.settled_calls`;

@Injectable()
export class PgSpendRepository extends SpendRepository {
  constructor(
    private readonly db: Database,
    @Inject(CONFIG) private readonly config: SpendConfig,
  ) {
    super();
  }

  async lock(tx: Tx, { environment, tenant }: Purse): Promise<SpendAccount> {
    const [row] = await tx.query<AccountRow>(LOCK, [environment, tenant]);
    return this.account(row);
  }

  async find({ environment, tenant }: Purse): Promise<SpendAccount> {
    const [row] = await this.db.query<AccountRow>(`SELECT ${CAPS} FROM spend_accounts WHERE environment = $1 AND tenant = $2`, [environment, tenant]);
    return this.account(row);
  }

  async setCaps(tx: Tx, { environment, tenant }: Purse, caps: Caps, revision: number): Promise<void> {
    await tx.run(
      `UPDATE spend_accounts SET revision = $3, currency = $4, day_micros = $5, month_micros = $6, minutes_per_day = $7, calls_per_minute = $8, concurrent_calls = $9
       WHERE environment = $1 AND tenant = $2`,
      [environment, tenant, revision, caps.currency, caps.dayMicros, caps.monthMicros, caps.minutesPerDay, caps.callsPerMinute, caps.concurrentCalls],
    );
  }

  async use(db: Queryable, { environment, tenant }: Purse, { at, day, currency }: SpendMoment): Promise<SpendUse> {
    const [row] = await db.query<UseRow>(USE, [environment, tenant, at, day, currency]);
    if (!row) throw new Error(`No use came back for ${environment}/${tenant}.`);
    return {
      settled: { dayMicros: row.settled_day_micros, monthMicros: row.settled_month_micros, dayMinutes: row.settled_day_minutes },
      reserved: { dayMicros: row.reserved_day_micros, monthMicros: row.reserved_month_micros, dayMinutes: row.reserved_day_minutes },
      callsLastMinute: row.calls_last_minute,
      concurrentCalls: row.concurrent_calls,
    };
  }

  async reserve(tx: Tx, r: Reservation): Promise<void> {
    await tx.run(RESERVE, [r.reservationId, r.environment, r.tenant, r.key, r.callId, r.day, r.currency, r.perMinuteMicros, r.reserveMicros, r.reserveMinutes, r.madeAt, r.expiresAt]);
  }

  async reservation(db: Queryable, reservationId: string): Promise<StoredReservation | undefined> {
    const [row] = await db.query<ReservationRow>(
      'SELECT environment, tenant, day, currency, per_minute_micros, settled_micros, settled_minutes, priced FROM spend_reservations WHERE reservation_id = $1',
      [reservationId],
    );
    if (!row) return undefined;
    const { environment, tenant, day, currency, settled_micros: micros, settled_minutes: minutes, priced } = row;
    return { environment, tenant, day, currency, perMinuteMicros: row.per_minute_micros, settled: micros === null || minutes === null ? undefined : { micros, minutes, priced } };
  }

  async settle(tx: Tx, reservationId: string, was: StoredReservation, { micros, minutes, priced }: SettledCost): Promise<void> {
    await tx.run("UPDATE spend_reservations SET state = 'settled', settled_micros = $2, settled_minutes = $3, priced = $4 WHERE reservation_id = $1", [reservationId, micros, minutes, priced]);
    await tx.run(SETTLE_DAY, [was.environment, was.tenant, was.day, was.currency, micros, minutes, was.settled ? 0 : 1, was.settled?.micros ?? 0, was.settled?.minutes ?? 0]);
  }

  async alarm(tx: Tx, { environment, tenant }: Purse, day: string, cap: string): Promise<boolean> {
    return (await tx.run('INSERT INTO spend_alarms (environment, tenant, day, cap) VALUES ($1, $2, $3, $4) ON CONFLICT DO NOTHING', [environment, tenant, day, cap])) === 1;
  }

  private account(row: AccountRow | undefined): SpendAccount {
    if (!row || row.revision === 0) return { revision: 0, caps: defaultCaps(this.config) };
    return {
      revision: row.revision,
      caps: {
        currency: row.currency ?? this.config.OUTBOUND_CURRENCY, dayMicros: row.day_micros, monthMicros: row.month_micros, minutesPerDay: row.minutes_per_day,
        callsPerMinute: row.calls_per_minute, concurrentCalls: row.concurrent_calls,
      },
    };
  }
}

function defaultCaps(config: SpendConfig): Caps {
  return {
    currency: config.OUTBOUND_CURRENCY, dayMicros: config.OUTBOUND_DAY_CAP_MICROS, monthMicros: config.OUTBOUND_MONTH_CAP_MICROS, minutesPerDay: config.OUTBOUND_MINUTES_PER_DAY,
    callsPerMinute: config.OUTBOUND_CALLS_PER_MINUTE, concurrentCalls: config.OUTBOUND_CONCURRENT_CALLS,
  };
}
