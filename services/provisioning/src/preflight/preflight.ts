import { Injectable } from '@nestjs/common';
import { errorText, withDeadline } from '@troncal/kernel';
import type { EnvironmentPlan } from '../reconcile/plan-environment.js';
import { warningsOf, type PlanFacts, type Reading } from './warnings.js';
import { TwilioAccounts } from '../twilio/accounts.js';

/** A plan is shown without what takes longer. */
const PATIENCE_MS = 5_000;

/** What a look at the account before a plan comes to. */
export interface Preflighted {
  readonly warnings: readonly string[];
  /** Requests that it took. */
  readonly reads: number;
}

/** Tells what an account's limits mean for a plan. Never rejects: what can't be read is a warning too. */
@Injectable()
export class Preflight {
  constructor(private readonly accounts: TwilioAccounts) {}

  async run(plan: EnvironmentPlan): Promise<Preflighted> {
    const { platform, subaccounts } = this.accounts;
    const opens = plan.steps.some(({ action }) => action.do === 'open-account');
    const [standing, profile, under] = await Promise.all([
      reading(platform.standing(), 'the account’s standing'),
      reading(platform.hasApprovedProfile(), 'the account’s profile'),
      opens ? reading(subaccounts.all().then(({ length }) => length), 'the account’s subaccounts') : undefined,
    ]);
    const shared = plan.accounts.find(({ subaccount }) => subaccount === null);
    const domains = plan.accounts.map(({ subaccount, observed }) => ({ ...observed, name: subaccount?.domain ?? plan.environment.domain }));
    return { warnings: warningsOf({ ...plan, observed: shared?.observed ?? NOTHING, domains, shared: shared?.steps ?? [] }, { standing, profile, subaccounts: under }), reads: opens ? 3 : 2 };
  }
}

/** Of a plan that has nothing to do with the platform's account. */
const NOTHING: PlanFacts['observed'] = { permissions: new Map(), counts: { domains: 0, lists: 0 } };

async function reading<T>(work: Promise<T>, what: string): Promise<Reading<T>> {
  try {
    return { read: await withDeadline(work, PATIENCE_MS, what) };
  } catch (error) {
    return { unread: errorText(error) };
  }
}
