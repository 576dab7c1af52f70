import type { Environment } from '../environments/environment.js';
import type { Subaccount } from '../subaccounts/subaccount.js';
import type { EnvironmentFacts } from './tenant-facts.js';

/** What of an environment belongs into one account. */
export interface AccountShare extends Pick<EnvironmentFacts, 'tenants' | 'listed' | 'countries'> {
  /** null: the platform's account, which all tenants without a subaccount share. */
  readonly subaccount: Subaccount | null;
  /** Nobody of these tenants is in it: all that there is to plan is what watches the account as a whole. */
  readonly watchOnly: boolean;
}

/** Tells which tenants are in which account: each subaccount with its own, and the platform's with all others. Without others it is there for the usage triggers of the environment alone. Pure. */
export function sharesOf({ usageTriggers }: Pick<Environment, 'usageTriggers'>, { tenants, listed, countries, subaccounts }: EnvironmentFacts): AccountShare[] {
  const own = new Set(subaccounts.map(({ tenant }) => tenant));
  const others = tenants.filter(({ tenant }) => !own.has(tenant));
  const watchOnly = others.length === 0 && own.size > 0;
  return [
    ...(watchOnly && usageTriggers === undefined ? [] : [{ subaccount: null, watchOnly, tenants: others, listed: listed.filter(({ tenant }) => !own.has(tenant)), countries }]),
    ...subaccounts.map((subaccount): AccountShare => {
      const its = tenants.filter(({ tenant }) => tenant === subaccount.tenant);
      return { subaccount, watchOnly: false, tenants: its, listed: listed.filter(({ tenant }) => tenant === subaccount.tenant), countries: its.flatMap(({ state, declaration }) => (state === 'declared' ? declaration.outbound.countries : [])) };
    }),
  ];
}
