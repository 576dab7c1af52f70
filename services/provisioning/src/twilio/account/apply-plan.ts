import { errorText, PermanentError } from '@troncal/kernel';
import type { ObservedAccount } from './observed-account.js';
import { performAction, Sids, type PasswordOf } from './perform-action.js';
import type { Step } from './step.js';
import type { TwilioAccount } from './twilio-account.js';

/** What became of a step. `skipped`: one that it needs was not done. */
export type StepOutcome<S extends Step = Step> = { readonly step: S; readonly how: 'done' | 'skipped' } | { readonly step: S; readonly how: 'failed'; readonly error: unknown };

/** What is done to a subaccount as a whole. */
export interface SubaccountDeeds {
  /** The one that was asked for, however often it is asked for. */
  open(): Promise<TwilioAccount>;
  setStatus(status: 'active' | 'suspended'): Promise<void>;
}

/** What a plan is performed with. */
export interface PlanMeans<S extends Step = Step> {
  /** undefined: a step of the plan opens it. */
  readonly account: TwilioAccount | undefined;
  readonly subaccount?: SubaccountDeeds | undefined;
  readonly observed: ObservedAccount;
  readonly passwordOf: PasswordOf;
  readonly told?: (outcome: StepOutcome<S>) => Promise<void>;
}

/**
 * Performs a plan, every step as soon as those that it needs are done; how many at once is the account's business. One that fails keeps those that need it from
 * being tried, and no others. Whoever is cut off reads, plans and applies again: nothing is made twice.
 * `told` is told of each outcome as it comes; what needs the step waits for that, and the run fails when it fails. @returns all of them, in the plan's order
 */
export async function applyPlan<S extends Step>(steps: readonly S[], { account: given, subaccount, observed, passwordOf, told }: PlanMeans<S>): Promise<StepOutcome<S>[]> {
  const sids = new Sids(observed);
  let opened = given;
  const running = new Map<string, Promise<StepOutcome<S>>>();
  const perform = async ({ action }: Step): Promise<void> => {
    if (action.do === 'open-account') return void (opened = await subaccount?.open());
    if (action.do === 'set-status') return subaccount?.setStatus(action.status);
    if (opened === undefined) throw new PermanentError('plan_outdated', 'The subaccount is neither there nor opened by this plan.', { remedy: 'Plan again.' });
    return performAction(action, { account: opened, passwordOf, sids });
  };
  const settle = async (step: S): Promise<StepOutcome<S>> => {
    const outcome = await tried(step);
    await told?.(outcome);
    return outcome;
  };
  const tried = async (step: S): Promise<StepOutcome<S>> => {
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
