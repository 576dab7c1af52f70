import { Injectable } from '@nestjs/common';
import type { Language } from '@troncal/contracts';
import { Database, type Prepared, type Tx } from '@troncal/persistence';
import type { EndpointSighting, KpiCost, KpiCounts } from './kpi.js';
import { KpiRepository, type Day, type DayOf, type KpiRange } from './kpi.repository.js';
import { TENANTS_DAY } from './tenants-day.js';

const ADD: Prepared = {
  name: 'kpis.add',
  text: `INSERT INTO kpi_days AS k (tenant, day, calls, answered, failed, refused, sip4xx, sip5xx, rung, ring_ms, answered_ms, minutes) VALUES ($1, ${TENANTS_DAY}, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)
     ON CONFLICT (tenant, day) DO UPDATE SET calls = k.calls + excluded.calls, answered = k.answered + excluded.answered, failed = k.failed + excluded.failed, refused = k.refused + excluded.refused,
       sip4xx = k.sip4xx + excluded.sip4xx, sip5xx = k.sip5xx + excluded.sip5xx, rung = k.rung + excluded.rung, ring_ms = k.ring_ms + excluded.ring_ms,
       answered_ms = k.answered_ms + excluded.answered_ms, minutes = k.minutes + excluded.minutes`,
};
const SIGHT: Prepared = {
  name: 'kpis.sight',
  text: `INSERT INTO endpoint_sightings AS s (tenant, extension, seen_at, unreachable_at) VALUES ($1, $2, $3, $4)
     ON CONFLICT (tenant, extension) DO UPDATE SET seen_at = greatest(s.seen_at, excluded.seen_at), unreachable_at = greatest(s.unreachable_at, excluded.unreachable_at)`,
};

interface CountsRow {
  readonly tenant: string;
  readonly day: string;
  readonly calls: number;
  readonly answered: number;
  readonly failed: number;
  readonly refused: number;
  readonly sip4xx: number;
  readonly sip5xx: number;
  readonly rung: number;
  readonly ring_ms: number;
  readonly answered_ms: number;
  readonly minutes: number;
}

/** Figures in PostgreSQL. */
@Injectable()
export class PgKpiRepository extends KpiRepository {
  constructor(private readonly db: Database) {
    super();
  }

  async add(tx: Tx, tenant: string, at: Date, counts: KpiCounts): Promise<void> {
    const { calls, answered, failed, refused, sip4xx, sip5xx, rung, ringMs, answeredMs, minutes } = counts;
    await tx.run(ADD, [tenant, at, calls, answered, failed, refused, sip4xx, sip5xx, rung, ringMs, answeredMs, minutes]);
  }

  async addCost(tx: Tx, tenant: string, at: Date, { currency, micros }: KpiCost): Promise<void> {
    await tx.run(
      `INSERT INTO kpi_costs AS k (tenant, day, currency, micros) VALUES ($1, ${TENANTS_DAY}, $3, $4) ON CONFLICT (tenant, day, currency) DO UPDATE SET micros = k.micros + excluded.micros`,
      [tenant, at, currency, micros],
    );
  }

  async sight(tx: Tx, tenant: string, sightings: readonly EndpointSighting[]): Promise<void> {
    // In one order: two calls of the same phones must not wait for each other.
    for (const { extension, seenAt, unreachableAt } of sightings.toSorted((one, two) => one.extension.localeCompare(two.extension))) {
      await tx.run(SIGHT, [tenant, extension, seenAt ?? null, unreachableAt ?? null]);
    }
  }

  async noteSetup(tx: Tx, tenant: string, tookMs: number, readyAt: Date): Promise<void> {
    await tx.run(
      'INSERT INTO kpi_setups (tenant, took_ms, ready_at) VALUES ($1, $2, $3) ON CONFLICT (tenant) DO UPDATE SET took_ms = excluded.took_ms, ready_at = excluded.ready_at',
      [tenant, Math.round(tookMs), readyAt],
    );
  }

  async counts({ tenant, from, to }: KpiRange): Promise<DayOf<KpiCounts>[]> {
    const rows = await this.db.query<CountsRow>('SELECT * FROM kpi_days WHERE ($1::text IS NULL OR tenant = $1) AND day BETWEEN $2 AND $3 ORDER BY tenant, day', [tenant ?? null, from, to]);
    return rows.map(({ tenant: of, day, ring_ms: ringMs, answered_ms: answeredMs, ...counts }) => ({ tenant: of, day, of: { ...counts, ringMs, answeredMs } }));
  }

  async costs({ tenant, from, to }: KpiRange): Promise<DayOf<KpiCost>[]> {
    const rows = await this.db.query<KpiCost & { readonly tenant: string; readonly day: string }>(
      'SELECT tenant, day, currency, micros FROM kpi_costs WHERE ($1::text IS NULL OR tenant = $1) AND day BETWEEN $2 AND $3 ORDER BY tenant, day, currency',
      [tenant ?? null, from, to],
    );
    return rows.map(({ tenant: of, day, ...cost }) => ({ tenant: of, day, of: cost }));
  }

  async setupMs(tenant: string): Promise<number | undefined> {
    const [row] = await this.db.query<{ took_ms: number }>('SELECT took_ms FROM kpi_setups WHERE tenant = $1', [tenant]);
    return row?.took_ms;
  }

  async endpoints(tenant: string): Promise<EndpointSighting[]> {
    const rows = await this.db.query<{ extension: string; seen_at: Date | null; unreachable_at: Date | null }>('SELECT extension, seen_at, unreachable_at FROM endpoint_sightings WHERE tenant = $1 ORDER BY extension', [tenant]);
    return rows.map(({ extension, seen_at, unreachable_at }) => ({ extension, seenAt: seen_at ?? undefined, unreachableAt: unreachable_at ?? undefined }));
  }

  async particulars(tenant: string, now: Date): Promise<{ readonly today: Day; readonly language: Language } | undefined> {
    const [row] = await this.db.query<{ today: string; language: string | null; known: boolean }>(
      `SELECT ${TENANTS_DAY} AS today, (SELECT language FROM tenants WHERE code = $1) AS language, EXISTS (SELECT FROM tenants WHERE code = $1) OR EXISTS (SELECT FROM kpi_days WHERE tenant = $1) AS known`,
      [tenant, now],
    );
    return row?.known ? { today: row.today, language: row.language === 'en' ? 'en' : 'es' } : undefined;
  }

  async tenantsSince(day: Day): Promise<string[]> {
    const rows = await this.db.query<{ tenant: string }>(
      `SELECT tenant FROM kpi_days WHERE day >= $1 UNION SELECT tenant FROM kpi_quality WHERE day >= $1 UNION SELECT tenant FROM kpi_complaints WHERE day >= $1
       UNION SELECT tenant FROM voice_failures WHERE day >= $1 UNION SELECT tenant FROM registration_waits WHERE since >= $1 ORDER BY tenant`,
      [day],
    );
    return rows.map(({ tenant }) => tenant);
  }

  async miss(tx: Tx, tenant: string, day: Day, kpi: string): Promise<boolean> {
    return (await tx.run('INSERT INTO kpi_misses (tenant, day, kpi) VALUES ($1, $2, $3) ON CONFLICT DO NOTHING', [tenant, day, kpi])) === 1;
  }

  async isReported(tenant: string, firstDay: Day): Promise<boolean> {
    const rows = await this.db.query('SELECT 1 FROM kpi_reports WHERE tenant = $1 AND first_day = $2', [tenant, firstDay]);
    return rows.length > 0;
  }

  async report(tx: Tx, tenant: string, firstDay: Day): Promise<boolean> {
    return (await tx.run('INSERT INTO kpi_reports (tenant, first_day) VALUES ($1, $2) ON CONFLICT DO NOTHING', [tenant, firstDay])) === 1;
  }
}
