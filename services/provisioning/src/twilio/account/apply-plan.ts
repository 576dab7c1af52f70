import { errorText, PermanentError } from '@troncal/kernel';
import type { ObservedAccount } from './observed-account.js';
import { DOMAIN_KEY, listKey, type Step } from './step.js';
import type { TwilioAccount } from './twilio-account.js';

/** What became of a step. `skipped`: one that it needs was not done. */
export type StepOutcome = { readonly step: Step; readonly how: 'done' | 'skipped' } | { readonly step: Step; readonly how: 'failed'; readonly error: unknown };

/** The password of a SIP user: written down before it is sent, the same each time it is asked for. */
export type PasswordOf = (list: string, username: string) => Promise<string>;

/**
 * Performs a plan, every step as soon as those that it needs are done; how many at once is the account's business. One that fails keeps those that need it from
 * being tried, and no others. Whoever is cut off reads, plans and applies again: nothing is made twice.
 * @param told of each outcome as it comes; what needs the step waits for that, and the run fails when it fails @returns all of them, in the plan's order
 */
export async function applyPlan(
  steps: readonly Step[],
  { account, observed, passwordOf, told }: { readonly account: TwilioAccount; readonly observed: ObservedAccount; readonly passwordOf: PasswordOf; readonly told?: (outcome: StepOutcome) => Promise<void> },
): Promise<StepOutcome[]> {
  const sids = new Map([...observed.lists.map(({ name, sid }) => [listKey(name), sid] as const), ...(observed.domain === undefined ? [] : [[DOMAIN_KEY, observed.domain.sid] as const])]);
  const running = new Map<string, Promise<StepOutcome>>();
  const sidOf = (key: string): string => {
    const sid = sids.get(key);
    if (sid === undefined) throw new PermanentError('plan_outdated', `${key} is neither there nor made by this plan.`, { remedy: 'Read the account and plan again.' });
    return sid;
  };
  const perform = async ({ key, action }: Step): Promise<void> => {
    switch (action.do) {
      case 'create-domain':
        return void sids.set(key, await account.createDomain(action.domain));
      case 'change-domain':
        return account.changeDomain(action.sid, action.changes);
      case 'create-list':
        return void sids.set(key, await account.createList(action.list));
      case 'create-user':
        return account.createUser(sidOf(listKey(action.list)), action.username, await passwordOf(action.list, action.username));
      case 'map-list':
        return account.mapList(sidOf(DOMAIN_KEY), sidOf(listKey(action.list)), action.way);
      case 'buy-number':
        return account.buyNumber(action.number);
      case 'change-number':
        return account.changeNumber(action.sid, action.changes);
      case 'remove-user':
        return account.removeUser(sidOf(listKey(action.list)), action.sid);
      case 'unmap-list':
        return account.unmapList(sidOf(DOMAIN_KEY), sidOf(listKey(action.list)), action.way);
      case 'remove-list':
        return account.removeList(sidOf(listKey(action.list)));
    }
  };
  const settle = async (step: Step): Promise<StepOutcome> => {
    const outcome = await tried(step);
    await told?.(outcome);
    return outcome;
  };
  const tried = async (step: Step): Promise<StepOutcome> => {
    // A plan names each step after those that it needs.
    const needed = await Promise.all(step.after.map(async (key) => running.get(key)));
    if (needed.some((outcome) => outcome?.how !== 'done')) return { step, how: 'skipped' };
    try {
      await perform(step);
      return { step, how: 'done' };
    } catch (error) {
      return { step, how: 'failed', error };
    }
  };
  for (const step of steps) {
    running.set(step.key, settle(step));
  }
  return Promise.all(running.values());
}

/** Why a run was not whole; empty when it was. */
export const failuresOf = (outcomes: readonly StepOutcome[]): string[] => outcomes.flatMap((outcome) => (outcome.how === 'failed' ? [`${outcome.step.key}: ${errorText(outcome.error)}`] : []));
