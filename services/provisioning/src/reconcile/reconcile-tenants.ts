import { Injectable } from '@nestjs/common';
import { crashPoint } from '@troncal/config';
import { Database } from '@troncal/persistence';
import type { Environment } from '../environments/environment.js';
import type { Run } from '../runs/run.js';
import { wishesOf } from '../twilio-numbers/twilio-number.js';
import { chunksOf, severalAtOnce } from './at-once.js';
import { DeclareOnAsterisk, type KnownNumber } from './declare-on-asterisk.js';
import { EndRun } from './end-run.js';
import { PerformPlan } from './perform-plan.js';
import { PlanEnvironment } from './plan-environment.js';
import { SettleTenants } from './settle-tenants.js';
import { ReadTenantFacts } from './tenant-facts.js';

/** Tenants that are settled in one transaction. */
const TOGETHER = 250;

/** Brings the tenants of a run to what is declared of them: what is left open is settled and written down, then the account follows, then the run ends. */
@Injectable()
export class ReconcileTenants {
  constructor(
    private readonly db: Database,
    private readonly planner: PlanEnvironment,
    private readonly settle: SettleTenants,
    private readonly performer: PerformPlan,
    private readonly facts: ReadTenantFacts,
    private readonly asterisk: DeclareOnAsterisk,
  ) {}

  async run(run: Run, ending: EndRun): Promise<void> {
    const environment = await this.planner.environment(run.environment);
    await this.chooseNumbers(environment, run.tenants);
    crashPoint('run.numbers-chosen');
    for (const tenants of chunksOf(run.tenants, TOGETHER)) await this.db.transaction((tx) => this.settle.settleUsers(tx, environment, tenants));
    crashPoint('run.users-settled');
    await this.declare(environment, run.tenants);
    await ending.run(run, await this.performer.run(run));
  }

  /** Written down before anything is bought: what was chosen, and nothing else. */
  private async chooseNumbers({ name }: Environment, tenants: readonly string[]): Promise<void> {
    const unchosen = await this.settle.unchosen(name, tenants);
    if (unchosen.length === 0) return;
    const candidates = await this.settle.candidates(this.planner.platform(), unchosen);
    for (const some of chunksOf([...unchosen.entries()], TOGETHER)) {
      await this.db.transaction(async (tx) => {
        for (const [index, each] of some) await this.settle.choose(tx, each, candidates[index]);
      });
    }
  }

  private async declare(environment: Environment, tenants: readonly string[]): Promise<void> {
    const { tenants: known } = await this.facts.run(environment.name, tenants);
    await severalAtOnce(known.filter(({ state }) => state === 'declared'), async ({ declaration, numbers }) => {
      const chosen = new Map(numbers.map(({ wish, e164 }) => [wish, e164]));
      const leading = wishesOf(declaration.numbers).flatMap(({ wish, number }): KnownNumber[] => {
        const e164 = chosen.get(wish);
        return e164 === null || e164 === undefined ? [] : [{ e164, route: number.route }];
      });
      await this.asterisk.run(declaration, leading, environment.primary);
    });
  }
}
