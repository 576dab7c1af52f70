import { Injectable } from '@nestjs/common';
import type { WaitingView } from '@troncal/contracts';
import type { Queryable } from '@troncal/persistence';
import { withoutGuards, type Environment } from '../environments/environment.js';
import { unknownEnvironment } from '../environments/environments.errors.js';
import { EnvironmentRepository } from '../environments/environments.repository.js';
import type { Subaccount } from '../subaccounts/subaccount.js';
import type { ObservedAccount } from '../twilio/account/observed-account.js';
import type { TwilioAccount } from '../twilio/account/twilio-account.js';
import { TwilioAccounts } from '../twilio/accounts.js';
import { sharesOf, type AccountShare } from './account-share.js';
import { desiredAccount } from './desired.js';
import { LookAtAccount } from './look-at-account.js';
import { planShare, type ToldStep } from './plan-share.js';
import { ReadTenantFacts, type EnvironmentFacts } from './tenant-facts.js';

/** One account, and what is to be done in it. */
export interface PlannedAccount {
  /** null: the platform's. */
  readonly subaccount: Subaccount | null;
  /** undefined: a step opens it. */
  readonly account: TwilioAccount | undefined;
  readonly observed: ObservedAccount;
  readonly steps: readonly ToldStep[];
}

/** What an environment needs to be as declared. */
export interface EnvironmentPlan {
  readonly environment: Environment;
  readonly facts: EnvironmentFacts;
  /** The platform's first, when anything of it is planned. */
  readonly accounts: readonly PlannedAccount[];
  /** Of all accounts. */
  readonly steps: readonly ToldStep[];
  readonly waiting: readonly WaitingView[];
  /** Requests that the look took. */
  readonly reads: number;
}

/** What a plan is about beside the tenants. */
export interface PlanScope {
  /** Numbers that have to go for ever. */
  readonly released?: readonly string[];
  /** The environment itself has to go: all that is wanted is that nothing of it is left that belongs to no tenant. */
  readonly leaving?: boolean;
}

/** Holds what is declared against what the accounts hold. */
@Injectable()
export class PlanEnvironment {
  constructor(
    private readonly environments: EnvironmentRepository,
    private readonly facts: ReadTenantFacts,
    private readonly accounts: TwilioAccounts,
    private readonly looks: LookAtAccount,
  ) {}

  /** @throws PermanentError `unknown_environment` */
  async environment(name: string): Promise<Environment> {
    const environment = await this.environments.find(name);
    if (environment === undefined) throw unknownEnvironment(name);
    return environment;
  }

  /** The platform's account. @throws PermanentError `twilio_not_configured` */
  platform(): TwilioAccount {
    return this.accounts.platform;
  }

  /** Of some of its tenants, or of all. */
  async run(name: string, tenants?: readonly string[], scope: PlanScope = {}): Promise<EnvironmentPlan> {
    const environment = await this.environment(name);
    return this.of(environment, await this.facts.run(name, tenants), { ...scope, whole: tenants === undefined });
  }

  /** The facts as a transaction sees them. */
  async factsIn(tx: Queryable, name: string, tenants: readonly string[]): Promise<EnvironmentFacts> {
    return this.facts.run(name, tenants, tx);
  }

  /** Of these facts. @param whole all lists of the accounts are read: as many reads as there are lists */
  async of(environment: Environment, facts: EnvironmentFacts, { whole = false, released = [], leaving = false }: PlanScope & { readonly whole?: boolean } = {}): Promise<EnvironmentPlan> {
    // One whose tenant is gone holds what is held, and is as it was left.
    const shares = sharesOf(environment, facts).filter(({ subaccount, tenants }) => subaccount === null || tenants.length > 0 || released.length > 0);
    const planned = await Promise.all(shares.map((share) => this.share(leaving ? withoutGuards(environment) : environment, facts, share, { whole, released, leaving })));
    const accounts = planned.map(({ account }) => account);
    return {
      environment,
      facts,
      accounts,
      steps: accounts.flatMap(({ steps }) => steps),
      reads: planned.reduce((sum, { reads }) => sum + reads, 0),
      waiting: [
        ...planned.flatMap(({ waiting }) => waiting),
        ...facts.tenants.flatMap(({ tenant, numbers }) => numbers.filter(({ state, e164 }) => state === 'waiting' && e164 === null).map(({ wish, why, who }) => ({ tenant, what: wish, why: why ?? '', who: who ?? '' }))),
      ],
    };
  }

  private async share(environment: Environment, facts: EnvironmentFacts, share: AccountShare, { whole, released, leaving }: Required<PlanScope> & { readonly whole: boolean }): Promise<{ readonly account: PlannedAccount; readonly waiting: readonly WaitingView[]; readonly reads: number }> {
    const desired = desiredAccount(environment, share, released);
    const lists = new Set([...desired.lists.map(({ name }) => name), ...desired.gone.lists]);
    const seen = await this.looks.run(environment, share, desired, { lists: whole ? undefined : lists, triggers: desired.triggers !== undefined, addressList: desired.addressList?.name });
    const { steps, waiting } = planShare(share, desired, seen, { suspended: facts.suspended, leaving });
    return { account: { subaccount: share.subaccount, account: seen.account, observed: seen.observed, steps }, waiting, reads: seen.reads };
  }
}
