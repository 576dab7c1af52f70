import { Injectable } from '@nestjs/common';
import type { PlanView } from '@troncal/contracts';
import { Preflight } from '../preflight/preflight.js';
import { PlanEnvironment, type EnvironmentPlan } from '../reconcile/plan-environment.js';
import { KnownRents } from '../rents/known-rents.js';
import { countriesOf, monthlyCost, type RentedNumbers } from '../rents/monthly-cost.js';
import { subaccountView } from '../subaccounts/subaccount.js';
import { TwilioNumberRepository } from '../twilio-numbers/twilio-numbers.repository.js';

/** A plan for people: the difference in words and requests, what it costs, and what the account's limits mean for it. */
@Injectable()
export class ShowPlan {
  constructor(
    private readonly planner: PlanEnvironment,
    private readonly numbers: TwilioNumberRepository,
    private readonly rents: KnownRents,
    private readonly preflight: Preflight,
  ) {}

  async domainOf(environment: string): Promise<string> {
    return (await this.planner.environment(environment)).domain;
  }

  async run(plan: EnvironmentPlan): Promise<PlanView> {
    const { environment, steps, waiting } = plan;
    const rented = await this.rented(plan);
    const [{ rents, reads }, { warnings, reads: looks }] = await Promise.all([this.rents.of(countriesOf(rented)), this.preflight.run(plan)]);
    return {
      environment: environment.name,
      steps: steps.map(({ key, tenant, says }) => ({ key, tenant, says, calls: 1 })),
      waiting: [...waiting],
      reads: plan.reads + looks + reads,
      cost: monthlyCost(rented, rents),
      warnings: [...warnings],
      subaccounts: plan.facts.subaccounts.map((each) => subaccountView(each, plan.facts.tenants.some(({ tenant }) => tenant === each.tenant))),
    };
  }

  /** Of the whole environment what the account has: also numbers on hold cost until they are released. */
  private async rented({ environment, facts, accounts, steps }: EnvironmentPlan): Promise<RentedNumbers> {
    const ours = new Set([...(await this.numbers.list(environment.name)), ...facts.tenants.flatMap(({ numbers }) => numbers)].map(({ e164 }) => e164));
    return {
      now: accounts.flatMap(({ observed }) => observed.numbers.map(({ e164 }) => e164)).filter((e164) => ours.has(e164)),
      added: steps.flatMap(({ action }) => (action.do === 'buy-number' ? [action.number.e164] : [])),
      taken: steps.flatMap(({ action }) => (action.do === 'release-number' ? [action.e164] : [])),
    };
  }
}
