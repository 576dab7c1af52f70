import { Injectable } from '@nestjs/common';
import type { ComplaintKind } from '@troncal/contracts';
import { Database, type Tx } from '@troncal/persistence';
import { TENANTS_DAY } from '../kpis/tenants-day.js';
import type { DayOf, KpiRange } from '../kpis/kpi.repository.js';
import { CallQualityRepository, type QualitySource } from './call-quality.repository.js';
import type { ComplaintCounts, MeasuredCounts } from './quality-counts.js';

interface QualityRow {
  readonly tenant: string;
  readonly day: string;
  readonly measured_by: MeasuredCounts['measuredBy'];
  readonly legs: number;
  readonly poor: number;
  readonly packets: number;
  readonly lost: number;
  readonly jitter_ms: number;
  readonly mos: number;
}

/** Whose account a tenant is in: its own, or the platform's. */
const accountOf = (environment: string, tenant: string): string => `(SELECT coalesce(max(tenant), '_') FROM subaccounts WHERE environment = ${environment} AND tenant = ${tenant}::text)`;

/** In PostgreSQL. */
@Injectable()
export class PgCallQualityRepository extends CallQualityRepository {
  constructor(private readonly db: Database) {
    super();
  }

  async add(tx: Tx, tenant: string, at: Date, { measuredBy, legs, poor, packets, lost, jitterMs, mos }: MeasuredCounts): Promise<void> {
    await tx.run(
      `INSERT INTO kpi_quality AS q (tenant, day, measured_by, legs, poor, packets, lost, jitter_ms, mos) VALUES ($1, ${TENANTS_DAY}, $3, $4, $5, $6, $7, $8, $9)
       ON CONFLICT (tenant, day, measured_by) DO UPDATE SET legs = q.legs + excluded.legs, poor = q.poor + excluded.poor, packets = q.packets + excluded.packets, lost = q.lost + excluded.lost,
         jitter_ms = q.jitter_ms + excluded.jitter_ms, mos = q.mos + excluded.mos`,
      [tenant, at, measuredBy, legs, poor, packets, lost, jitterMs, mos],
    );
  }

  async complain(tx: Tx, tenant: string, callAt: Date, kind: ComplaintKind): Promise<void> {
    await tx.run(
      `INSERT INTO kpi_complaints AS c (tenant, day, kind, complaints) VALUES ($1, ${TENANTS_DAY}, $3, 1) ON CONFLICT (tenant, day, kind) DO UPDATE SET complaints = c.complaints + 1`,
      [tenant, callAt, kind],
    );
  }

  async measured({ tenant, from, to }: KpiRange): Promise<DayOf<MeasuredCounts>[]> {
    const rows = await this.db.query<QualityRow>('SELECT * FROM kpi_quality WHERE ($1::text IS NULL OR tenant = $1) AND day BETWEEN $2 AND $3 ORDER BY tenant, day, measured_by', [tenant ?? null, from, to]);
    return rows.map(({ tenant: of, day, measured_by: measuredBy, jitter_ms: jitterMs, ...counts }) => ({ tenant: of, day, of: { ...counts, measuredBy, jitterMs } }));
  }

  async complaints({ tenant, from, to }: KpiRange): Promise<DayOf<ComplaintCounts>[]> {
    const rows = await this.db.query<ComplaintCounts & { readonly tenant: string; readonly day: string }>(
      'SELECT tenant, day, kind, complaints FROM kpi_complaints WHERE ($1::text IS NULL OR tenant = $1) AND day BETWEEN $2 AND $3 ORDER BY tenant, day, kind',
      [tenant ?? null, from, to],
    );
    return rows.map(({ tenant: of, day, kind, complaints }) => ({ tenant: of, day, of: { kind, complaints } }));
  }

  async see(environment: string, tenant: string, state: QualitySource['state'], at: Date): Promise<void> {
    await this.db.run(
      `INSERT INTO quality_sources (environment, account, state, seen_at) VALUES ($1, ${accountOf('$1', '$2')}, $3, $4)
       ON CONFLICT (environment, account) DO UPDATE SET state = excluded.state, seen_at = excluded.seen_at`,
      [environment, tenant, state, at],
    );
  }

  async sources(tenant: string, environments: readonly string[]): Promise<QualitySource[]> {
    const rows = await this.db.query<{ environment: string; state: QualitySource['state']; seen_at: Date }>(
      `SELECT q.environment, q.state, q.seen_at FROM quality_sources AS q WHERE q.environment = ANY ($1) AND q.account = ${accountOf('q.environment', '$2')} ORDER BY q.environment`,
      [environments, tenant],
    );
    return rows.map(({ seen_at: seenAt, ...source }) => ({ ...source, seenAt }));
  }
}
