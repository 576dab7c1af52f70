import { Injectable } from '@nestjs/common';
import { crashPoint } from '@troncal/config';
import { Database, type Tx } from '@troncal/persistence';
import type { Run, RunStep } from './run.js';
import { RunPublisher } from './runs.publisher.js';
import { RunRepository } from './runs.repository.js';

/** Writes down and tells what a run is going to do, and what it has done. */
@Injectable()
export class TellRun {
  constructor(
    private readonly db: Database,
    private readonly runs: RunRepository,
    private readonly publisher: RunPublisher,
  ) {}

  /** Before it does any of it. @param waiting how many things it waits for */
  async planned(run: Run, steps: readonly RunStep[], waiting = 0): Promise<void> {
    await this.db.transaction(async (tx) => {
      await this.runs.plan(tx, run.run, steps);
      await this.publisher.planned(tx, run, steps.length, waiting);
    });
    crashPoint('run.planned');
  }

  /** In the transaction of what follows from the step. */
  async done(tx: Tx, run: Run, step: RunStep): Promise<void> {
    await this.runs.settle(tx, run.run, { key: step.key, state: 'done', fault: null });
    await this.publisher.done(tx, run, step);
  }
}
