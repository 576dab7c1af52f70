import { Injectable } from '@nestjs/common';
import { Database, type Queryable, type Tx } from '@troncal/persistence';
import type { Run, RunEnd, RunStep, RunStepState, SettledStep } from './run.js';
import { runUnderWay } from './runs.errors.js';
import { RunRepository } from './runs.repository.js';

const ALL = 'run, environment, kind, tenants, params, state, fault, waiting, started_at AS "startedAt", ended_at AS "endedAt"';

@Injectable()
export class PgRunRepository extends RunRepository {
  constructor(private readonly db: Database) {
    super();
  }

  async find(run: string): Promise<Run | undefined> {
    return (await runs(this.db, 'WHERE run = $1', [run]))[0];
  }

  async latest(environment: string, limit: number): Promise<Run[]> {
    return runs(this.db, 'WHERE environment = $1 ORDER BY started_at DESC LIMIT $2', [environment, limit]);
  }

  async underWay(): Promise<Run[]> {
    return runs(this.db, "WHERE state = 'running' ORDER BY started_at");
  }

  async steps(run: string): Promise<RunStepState[]> {
    return this.db.query<RunStepState>('SELECT key, tenant, says, state, fault, at FROM run_steps WHERE run = $1 ORDER BY position', [run]);
  }

  async start(tx: Tx, { run, environment, kind, tenants, params }: Pick<Run, 'run' | 'environment' | 'kind' | 'tenants' | 'params'>): Promise<void> {
    const started = await tx.run(
      `INSERT INTO runs (run, environment, kind, tenants, params, state) VALUES ($1, $2, $3, $4, $5, 'running') ON CONFLICT (environment) WHERE state = 'running' DO NOTHING`,
      [run, environment, kind, tenants, JSON.stringify(params)],
    );
    if (started === 1) return;
    const [other] = await runs(tx, "WHERE environment = $1 AND state = 'running'", [environment]);
    throw runUnderWay(environment, other?.run);
  }

  async plan(tx: Tx, run: string, steps: readonly RunStep[]): Promise<void> {
    await tx.run(
      `INSERT INTO run_steps (run, key, position, tenant, says, state)
       SELECT $1, key, (SELECT count(*) FROM run_steps WHERE run = $1) + position, tenant, says, 'planned'
       FROM unnest($2::text[], $3::text[], $4::text[]) WITH ORDINALITY AS steps (key, tenant, says, position)
       ON CONFLICT (run, key) DO UPDATE SET says = excluded.says, state = 'planned', fault = NULL`,
      [run, steps.map(({ key }) => key), steps.map(({ tenant }) => tenant), steps.map(({ says }) => says)],
    );
  }

  async settle(tx: Tx, run: string, ...steps: readonly SettledStep[]): Promise<void> {
    await tx.run(
      `UPDATE run_steps SET state = settled.state, fault = settled.fault, at = now()
       FROM unnest($2::text[], $3::text[], $4::text[]) AS settled (key, state, fault) WHERE run_steps.run = $1 AND run_steps.key = settled.key`,
      [run, steps.map(({ key }) => key), steps.map(({ state }) => state), steps.map(({ fault }) => fault)],
    );
  }

  async end(tx: Tx, run: string, { state, fault, waiting }: RunEnd): Promise<boolean> {
    return (await tx.run("UPDATE runs SET state = $2, fault = $3, waiting = $4, ended_at = now() WHERE run = $1 AND state = 'running'", [run, state, fault, JSON.stringify(waiting)])) === 1;
  }

  async counts(tx: Tx, run: string): Promise<Readonly<Record<RunStepState['state'], number>>> {
    const rows = await tx.query<{ state: RunStepState['state']; steps: number }>('SELECT state, count(*)::integer AS steps FROM run_steps WHERE run = $1 GROUP BY state', [run]);
    return { planned: 0, done: 0, failed: 0, skipped: 0, ...Object.fromEntries(rows.map(({ state, steps }) => [state, steps])) };
  }
}

async function runs(db: Queryable, where: string, values: readonly unknown[] = []): Promise<Run[]> {
  return db.query<Run>(`SELECT ${ALL} FROM runs ${where}`, values);
}
