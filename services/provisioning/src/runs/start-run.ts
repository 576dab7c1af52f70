import { Injectable } from '@nestjs/common';
import { newId } from '@troncal/kernel';
import { Database, type Tx } from '@troncal/persistence';
import { RunKeeper } from './run-keeper.js';
import type { Run } from './run.js';
import { RunRepository } from './runs.repository.js';

/** Writes a run down together with what it is to bring about, and begins it. */
@Injectable()
export class StartRun {
  constructor(
    private readonly db: Database,
    private readonly runs: RunRepository,
    private readonly keeper: RunKeeper,
  ) {}

  /**
   * @param prepare what has to be stored with the run: both or neither; says which tenants it is about
   * @throws PermanentError `run_under_way`, and what `prepare` throws
   */
  async run(environment: string, kind: Run['kind'], prepare: (tx: Tx, run: string) => Promise<readonly string[]>, params: Run['params'] = {}): Promise<string> {
    const run = newId();
    await this.db.transaction(async (tx) => {
      const tenants = await prepare(tx, run);
      await this.runs.start(tx, { run, environment, kind, tenants, params });
    });
    await this.begin(run);
    return run;
  }

  /** Begins a run that was written down. */
  async begin(run: string): Promise<void> {
    const started = await this.runs.find(run);
    if (started !== undefined) this.keeper.begin(started);
  }
}
