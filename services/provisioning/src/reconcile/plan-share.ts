import type { WaitingView } from '@troncal/contracts';
import type { RunStep } from '../runs/run.js';
import { statusOf, type Subaccount } from '../subaccounts/subaccount.js';
import type { DesiredAccount } from '../twilio/account/desired-account.js';
import type { ObservedAccount } from '../twilio/account/observed-account.js';
import { planAccount, planGuards, WAYS } from '../twilio/account/plan-account.js';
import { planSubaccount } from '../twilio/account/plan-subaccount.js';
import { listKey, mappingKey, numberKey, userKey, type Step } from '../twilio/account/step.js';
import type { AccountShare } from './account-share.js';
import type { SeenAccount } from './look-at-account.js';
import { says } from './says.js';

/** A step of an account, told to people. Its key tells also which account's it is. */
export type ToldStep = Step & RunStep;

/** What there is to do in one account, and what that waits for. */
interface SharePlan {
  readonly steps: readonly ToldStep[];
  readonly waiting: readonly WaitingView[];
}

const SHARED = '_';

/**
 * What an account needs to hold its share of an environment. Pure.
 * @param suspended of those whose tenants are suspended, the codes
 * @param leaving the environment has to go: only what guards it is planned
 */
export function planShare(share: AccountShare, desired: DesiredAccount, { observed, there }: Pick<SeenAccount, 'observed' | 'there'>, { suspended, leaving }: { readonly suspended: ReadonlySet<string>; readonly leaving: boolean }): SharePlan {
  const { subaccount, tenants } = share;
  const owner = ownersOf(share);
  const toldAll = (steps: readonly Step[]): ToldStep[] => steps.map((step) => told(step, subaccount, owner));
  if (subaccount === null && (leaving || share.watchOnly)) return { steps: toldAll(planGuards(desired, observed)), waiting: [] };
  const plan = planAccount(desired, observed);
  const waiting = [...unread(share, observed), ...plan.waiting.map(({ e164, why, who }) => ({ tenant: owner({ key: numberKey(e164) }), what: e164, why, who }))];
  if (subaccount === null) return { steps: toldAll(plan.steps), waiting };
  if (there === 'closed') return { steps: [], waiting: [closed(subaccount)] };
  const wanted = wantedStatus(share, suspended);
  // In one whose tenant is gone there is only what is held.
  const within = tenants.length > 0 ? plan.steps : plan.steps.filter(({ action }) => action.do === 'release-number');
  return { steps: toldAll(planSubaccount({ ...subaccount, there, wanted }, within)), waiting: wanted === 'suspended' ? [] : waiting };
}

/** Keys of a run are one account's or the other's: two of them may have the same things. */
function told(step: Step, subaccount: Subaccount | null, owner: ReturnType<typeof ownersOf>): ToldStep {
  const known = { ...step, tenant: subaccount?.tenant ?? owner(step), says: says(step.action) };
  if (subaccount === null) return known;
  const keyOf = (key: string): string => `${subaccount.tenant}/${key}`;
  return { ...known, key: keyOf(step.key), after: step.after.map(keyOf) };
}

/** undefined: as it is. A tenant that is leaving has to be taken out of one that is there. */
function wantedStatus({ subaccount, tenants: [tenant] }: AccountShare, suspended: ReadonlySet<string>): 'active' | 'suspended' | undefined {
  if (tenant === undefined) return undefined;
  if (tenant.state === 'leaving') return subaccount?.opened ? 'active' : undefined;
  return statusOf(tenant.declaration, suspended.has(tenant.tenant));
}

const closed = ({ tenant, name }: Subaccount): WaitingView => ({
  tenant, what: `subaccount ${name}`, why: 'It was closed at Twilio, with all that was in it, and never opens again.', who: `You: delete ${tenant}, close its subaccount here too (troncal subaccounts close), and declare it anew.`,
});

/** Countries are wanted, and whether they may be called isn't known: the run goes on, and is not silent about it. */
function unread({ subaccount, countries }: AccountShare, { permissions }: ObservedAccount): WaitingView[] {
  if (countries.length === 0 || !('unread' in permissions)) return [];
  return [{ tenant: subaccount?.tenant ?? SHARED, what: 'dialing permissions', why: `They could not be read: ${permissions.unread}`, who: 'You, if it stays so: let the API key read and change voice.twilio.com, or permit them in Twilio’s Console.' }];
}

/** Whose a step is: a list's that one tenant alone is in, a user's, a number's; else everybody's. */
function ownersOf({ tenants, listed }: AccountShare): (step: Pick<Step, 'key'>) => string {
  const owners = new Map<string, string>();
  for (const [list, users] of Map.groupBy(listed, (user) => user.list)) {
    const codes = new Set(users.map(({ tenant }) => tenant));
    const [only] = codes;
    if (codes.size === 1 && only !== undefined) {
      owners.set(listKey(list), only);
      for (const way of WAYS) owners.set(mappingKey(list, way), only);
    }
    for (const { username, tenant } of users) owners.set(userKey(list, username), tenant);
  }
  for (const { tenant, numbers } of tenants) for (const { e164 } of numbers) if (e164 !== null) owners.set(numberKey(e164), tenant);
  return ({ key }) => owners.get(key) ?? SHARED;
}
