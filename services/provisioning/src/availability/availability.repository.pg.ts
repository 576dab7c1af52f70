import { Injectable } from '@nestjs/common';
import { Database } from '@troncal/persistence';
import type { DayOf, KpiRange } from '../kpis/kpi.repository.js';
import { TENANTS_DAY } from '../kpis/tenants-day.js';
import type { AnswerTally, QuestionFailure } from '../voice/questions/answered-questions.js';
import { AvailabilityRepository, type EnvironmentCounts, type QuestionCounts } from './availability.repository.js';

interface EnvironmentRow {
  readonly environment: string;
  readonly answered: number;
  readonly failed: number;
  readonly probes_answered: number;
  readonly probes_failed: number;
}

/** In PostgreSQL. */
@Injectable()
export class PgAvailabilityRepository extends AvailabilityRepository {
  constructor(private readonly db: Database) {
    super();
  }

  async keep(tallies: readonly AnswerTally[], failures: readonly QuestionFailure[]): Promise<void> {
    await this.db.transaction(async (tx) => {
      // In one order: two replicas add to the same rows.
      for (const { tenant, environment, answered } of tallies.toSorted((one, other) => `${one.environment} ${one.tenant}`.localeCompare(`${other.environment} ${other.tenant}`))) {
        await tx.run(
          `INSERT INTO voice_answers AS a (tenant, day, environment, answered) VALUES ($1, ${TENANTS_DAY}, $3, $4) ON CONFLICT (environment, tenant, day) DO UPDATE SET answered = a.answered + excluded.answered`,
          [tenant, new Date(), environment, answered],
        );
      }
      for (const { tenant, at, environment, question, witness, detail } of failures.toSorted((one, other) => one.question.localeCompare(other.question))) {
        await tx.run(
          `INSERT INTO voice_failures (tenant, day, failed_at, environment, question, witness, detail) VALUES ($1, ${TENANTS_DAY}, $2, $3, $4, $5, $6) ON CONFLICT DO NOTHING`,
          [tenant, at, environment, question, witness, detail],
        );
      }
    });
  }

  async questions({ tenant, from, to }: KpiRange): Promise<DayOf<QuestionCounts>[]> {
    const rows = await this.db.query<QuestionCounts & { readonly tenant: string; readonly day: string }>(
      `SELECT tenant, day, sum(answered)::integer AS answered, sum(failed)::integer AS failed FROM (
         SELECT tenant, day, answered, 0 AS failed FROM voice_answers UNION ALL SELECT tenant, day, 0, 1 FROM voice_failures
       ) AS q WHERE ($1::text IS NULL OR tenant = $1) AND day BETWEEN $2 AND $3 GROUP BY tenant, day ORDER BY tenant, day`,
      [tenant ?? null, from, to],
    );
    return rows.map(({ tenant: of, day, ...counts }) => ({ tenant: of, day, of: counts }));
  }

  async environments({ tenant, from, to }: KpiRange): Promise<EnvironmentCounts[]> {
    const rows = await this.db.query<EnvironmentRow>(
      `WITH range AS (
         SELECT coalesce((SELECT time_zone FROM tenants WHERE code = $1), 'UTC') AS zone
       ), places AS (
         SELECT environment, created_at AS since FROM declarations WHERE tenant = $1 UNION ALL SELECT name, '-infinity' FROM environments WHERE $1::text IS NULL
       )
       SELECT p.environment,
         (SELECT coalesce(sum(answered), 0)::integer FROM voice_answers a WHERE a.environment = p.environment AND ($1::text IS NULL OR tenant = $1) AND day BETWEEN $2 AND $3) AS answered,
         (SELECT count(*)::integer FROM voice_failures f WHERE f.environment = p.environment AND ($1::text IS NULL OR tenant = $1) AND day BETWEEN $2 AND $3) AS failed,
         coalesce(sum(v.answered), 0)::integer AS probes_answered, coalesce(sum(v.failed), 0)::integer AS probes_failed
       FROM places p CROSS JOIN range LEFT JOIN voice_probes v
         ON v.environment = p.environment AND v.hour >= greatest(date_trunc('hour', p.since), $2::date::timestamp AT TIME ZONE zone) AND v.hour < ($3::date + 1)::timestamp AT TIME ZONE zone
       GROUP BY p.environment ORDER BY p.environment`,
      [tenant ?? null, from, to],
    );
    return rows.map(({ probes_answered: probesAnswered, probes_failed: probesFailed, ...counts }) => ({ ...counts, probesAnswered, probesFailed }));
  }

  async kept(environment: string, questions: readonly string[]): Promise<ReadonlySet<string>> {
    const rows = await this.db.query<{ question: string }>('SELECT question FROM voice_failures WHERE environment = $1 AND question = ANY($2)', [environment, questions]);
    return new Set(rows.map(({ question }) => question));
  }

  async addProbes(environment: string, at: Date, answered: number, failed: number): Promise<void> {
    await this.db.run(
      `INSERT INTO voice_probes AS v (environment, hour, answered, failed) VALUES ($1, date_trunc('hour', $2::timestamptz, 'UTC'), $3, $4)
       ON CONFLICT (environment, hour) DO UPDATE SET answered = v.answered + excluded.answered, failed = v.failed + excluded.failed`,
      [environment, at, answered, failed],
    );
  }

  async takeTurn(environment: string, what: 'probe' | 'alerts', everyMs: number): Promise<boolean> {
    const column = what === 'probe' ? 'probed_at' : 'alerts_at';
    const changed = await this.db.run(
      `INSERT INTO voice_watches AS w (environment, ${column}) VALUES ($1, clock_timestamp()) ON CONFLICT (environment) DO UPDATE SET ${column} = clock_timestamp()
       WHERE w.${column} IS NULL OR w.${column} <= clock_timestamp() - $2 * interval '1 millisecond'`,
      [environment, everyMs],
    );
    return changed === 1;
  }
}
