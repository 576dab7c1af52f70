import { Injectable } from '@nestjs/common';
import { TroncalError } from '@troncal/kernel';
import { Database, type Tx } from '@troncal/persistence';
import type { Run, SettledStep } from '../runs/run.js';
import { factsOf, RunPublisher } from '../runs/runs.publisher.js';
import { RunRepository } from '../runs/runs.repository.js';
import { SipUserRepository } from '../sip-users/sip-users.repository.js';
import type { StepOutcome } from '../twilio/account/apply-plan.js';
import type { TwilioNumber } from '../twilio-numbers/twilio-number.js';
import { TwilioNumberRepository } from '../twilio-numbers/twilio-numbers.repository.js';
import type { EnvironmentPlan } from './plan-environment.js';
import type { ToldStep } from './plan-share.js';

/** Refusals that only people can lift: the number waits, and the run isn't less whole for it. */
const PAPERS: Readonly<Record<string, string>> = {
  bundle_missing: 'You: file a regulatory bundle and declare it with the number. Once Twilio’s people have approved it, the number is bought by itself.',
  address_missing: 'You: add an address to the account and name it with the number.',
};

/** Whether a step came to nothing because papers are missing. */
export const papersMissing = (error: unknown): string | undefined => (error instanceof TroncalError ? PAPERS[error.code] : undefined);

/** An outcome of a told step. */
export type ToldOutcome = StepOutcome<ToldStep>;

/** Writes down what became of steps, with all that follows from it, and tells it: one transaction. */
@Injectable()
export class TellOutcome {
  constructor(
    private readonly db: Database,
    private readonly runs: RunRepository,
    private readonly publisher: RunPublisher,
    private readonly users: SipUserRepository,
    private readonly numbers: TwilioNumberRepository,
  ) {}

  async run(run: Run, { environment, facts }: EnvironmentPlan, outcomes: readonly ToldOutcome[]): Promise<void> {
    await this.db.transaction(async (tx) => {
      await this.runs.settle(tx, run.run, ...outcomes.map(settled));
      const done = outcomes.flatMap(({ how, step: { action } }) => (how === 'done' ? [action] : []));
      const users = await this.users.provisioned(tx, environment.name, done.filter((action) => action.do === 'create-user' || action.do === 'set-password'));
      await this.settleNumbers(tx, outcomes);
      // Facts last: each holds its aggregate until the end.
      for (const outcome of outcomes) {
        if (outcome.how === 'done') await this.publisher.done(tx, run, outcome.step);
        if (outcome.how === 'failed') await this.publisher.failed(tx, run, outcome.step, outcome.error);
      }
      const domains = new Map(facts.subaccounts.map(({ tenant, domain }) => [tenant, domain]));
      for (const user of users) await this.publisher.provisioned(tx, user, domains.get(user.tenant) ?? environment.domain);
    });
  }

  private async settleNumbers(tx: Tx, outcomes: readonly ToldOutcome[]): Promise<void> {
    const became = new Map(outcomes.flatMap((outcome) => {
      const state = numberAfter(outcome);
      return state === undefined ? [] : [[state.e164, state] as const];
    }));
    const there = became.size === 0 ? [] : await this.numbers.lockAll(tx, [...became.keys()]);
    await this.numbers.remove(tx, ...there.filter(({ e164 }) => e164 !== null && became.get(e164)?.state === 'gone'));
    await this.numbers.save(tx, ...there.flatMap((number): TwilioNumber[] => {
      const after = number.e164 === null ? undefined : became.get(number.e164);
      if (after === undefined || after.state === 'gone' || number.state === 'held') return [];
      return [{ ...number, state: after.state, why: after.why, who: after.who }];
    }));
  }
}

function settled(outcome: ToldOutcome): SettledStep {
  const { key } = outcome.step;
  if (outcome.how !== 'failed') return { key, state: outcome.how, fault: null };
  const { detail, remedy } = factsOf(outcome.error);
  return { key, state: 'failed', fault: remedy === undefined ? detail : `${detail} ${remedy}` };
}

interface NumberAfter extends Pick<TwilioNumber, 'why' | 'who'> {
  readonly e164: string;
  readonly state: 'provisioned' | 'waiting' | 'gone';
}

/** What a step made of a number; undefined when nothing. */
function numberAfter(outcome: ToldOutcome): NumberAfter | undefined {
  const { action } = outcome.step;
  if (action.do !== 'buy-number' && action.do !== 'move-number' && action.do !== 'change-number' && action.do !== 'release-number') return undefined;
  const comes = action.do === 'buy-number' || action.do === 'move-number';
  const e164 = comes ? action.number.e164 : action.e164;
  if (outcome.how === 'done') return { e164, state: action.do === 'release-number' ? 'gone' : 'provisioned', why: null, who: null };
  const who = outcome.how === 'failed' && comes ? papersMissing(outcome.error) : undefined;
  return outcome.how !== 'failed' || who === undefined ? undefined : { e164, state: 'waiting', why: factsOf(outcome.error).detail, who };
}
