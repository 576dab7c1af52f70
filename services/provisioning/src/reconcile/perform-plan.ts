import { Injectable } from '@nestjs/common';
import { crashPoint } from '@troncal/config';
import { PermanentError } from '@troncal/kernel';
import type { Run } from '../runs/run.js';
import { TellRun } from '../runs/tell-run.js';
import { SipUserVault } from '../sip-users/sip-user-vault.js';
import { TendSubaccount } from '../subaccounts/tend-subaccount.js';
import { applyPlan, type StepOutcome } from '../twilio/account/apply-plan.js';
import { PlanEnvironment, type EnvironmentPlan, type PlanScope } from './plan-environment.js';
import type { ToldStep } from './plan-share.js';
import { TellOutcome, type ToldOutcome } from './tell-outcome.js';
import { ToldTogether } from './told-together.js';

/** Outcomes of one transaction: some hundred milliseconds of statements. */
const TOLD_AT_MOST = 100;

/** What the end of a run is reckoned from. */
export interface Performed {
  readonly plan: EnvironmentPlan;
  readonly outcomes: readonly StepOutcome<ToldStep>[];
}

/**
 * Brings the accounts to what a run's tenants need: reads, plans, tells the plan, and performs it step by step, all accounts at once. Whatever moment a process dies in, the next one
 * reads again and does what is left.
 */
@Injectable()
export class PerformPlan {
  constructor(
    private readonly planner: PlanEnvironment,
    private readonly tell: TellRun,
    private readonly teller: TellOutcome,
    private readonly vault: SipUserVault,
    private readonly subaccounts: TendSubaccount,
  ) {}

  async run(run: Run, scope: PlanScope = {}): Promise<Performed> {
    const plan = await this.planner.run(run.environment, run.tenants, scope);
    await this.tell.planned(run, plan.steps, plan.waiting.length);
    const together = new ToldTogether<ToldOutcome>((some) => this.teller.run(run, plan, some), TOLD_AT_MOST);
    const outcomes = await Promise.all(
      plan.accounts.map(({ steps, account, observed, subaccount }) =>
        applyPlan(steps, {
          account,
          observed,
          subaccount: subaccount === null ? undefined : this.subaccounts.of(subaccount),
          passwordOf: (list, username) => this.passwordOf(plan, list, username),
          told: async (outcome) => {
            crashPoint('run.step-made');
            await together.tell(outcome);
            crashPoint('run.step-told');
          },
        }),
      ),
    );
    return { plan, outcomes: outcomes.flat() };
  }

  private passwordOf({ facts }: EnvironmentPlan, list: string, username: string): Promise<string> {
    const user = facts.listed.find((each) => each.list === list && each.username === username);
    if (user === undefined) throw new PermanentError('plan_outdated', `${username} is no user of ${list} any more.`, { remedy: 'Plan again.' });
    return Promise.resolve(this.vault.passwordOf(user));
  }
}
