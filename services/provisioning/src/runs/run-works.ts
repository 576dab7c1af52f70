import { Injectable } from '@nestjs/common';
import { TroncalError } from '@troncal/kernel';
import { EndEnvironment, endsEnvironment } from '../reconcile/end-environment.js';
import { EndRun } from '../reconcile/end-run.js';
import { ReconcileTenants } from '../reconcile/reconcile-tenants.js';
import { ReleaseHeldNumber } from '../reconcile/release-held-number.js';
import { PerformClosing } from '../subaccounts/perform-closing.js';
import { PerformRotation } from '../sip-users/perform-rotation.js';
import type { Run } from './run.js';
import { factsOf } from './runs.publisher.js';

/** Without the database nothing can be said of a run: it stays as it is, and is taken up again. */
const LEFT = new Set(['database_away', 'database_busy']);

/** What each kind of run does. One that can't be performed at all ends as failed, and says why. */
@Injectable()
export class RunWorks {
  constructor(
    private readonly tenants: ReconcileTenants,
    private readonly rotation: PerformRotation,
    private readonly release: ReleaseHeldNumber,
    private readonly closing: PerformClosing,
    private readonly environments: EndEnvironment,
    private readonly ending: EndRun,
  ) {}

  async perform(run: Run): Promise<void> {
    try {
      switch (run.kind) {
        case 'rotate':
          return await this.rotation.run(run, this.ending);
        case 'release':
          return await (run.params['subaccount'] === undefined ? this.release : this.closing).run(run, this.ending);
        case 'delete':
          return await (endsEnvironment(run) ? this.environments : this.tenants).run(run, this.ending);
        case 'apply':
        case 'promote':
        case 'repair':
        case 'cut-over':
          return await this.tenants.run(run, this.ending);
      }
    } catch (error) {
      if (!(error instanceof TroncalError) || LEFT.has(error.code)) throw error;
      const { detail, remedy } = factsOf(error);
      await this.ending.end(run, { state: 'failed', fault: remedy === undefined ? detail : `${detail} ${remedy}`, waiting: [] });
    }
  }
}
