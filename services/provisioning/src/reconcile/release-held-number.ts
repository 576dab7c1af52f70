import { Injectable } from '@nestjs/common';
import type { Run } from '../runs/run.js';
import { EndRun } from './end-run.js';
import { PerformPlan } from './perform-plan.js';

/** Gives a number back that was held long enough. What it released is gone for ever; asked for again it finds nothing left to do. */
@Injectable()
export class ReleaseHeldNumber {
  constructor(private readonly performer: PerformPlan) {}

  async run(run: Run, ending: EndRun): Promise<void> {
    const { e164 } = run.params;
    await ending.run(run, await this.performer.run(run, { released: e164 === undefined ? [] : [e164] }));
  }
}
