import { Injectable } from '@nestjs/common';
import { CheckDrift } from './check-drift.js';
import { RepairDrift } from './repair-drift.js';

/** A look, and the repair that follows from it. */
@Injectable()
export class LookAndRepair {
  constructor(
    private readonly check: CheckDrift,
    private readonly repair: RepairDrift,
  ) {}

  async run(environment: string, repair: boolean): Promise<void> {
    const { differences } = await this.check.run(environment);
    if (repair && differences.length > 0) await this.repair.run(environment);
  }
}
