import { Injectable } from '@nestjs/common';
import { crashPoint } from '@troncal/config';
import { Database } from '@troncal/persistence';
import { NoteSetup } from '../kpis/note-setup.js';
import type { Run, RunEnd } from '../runs/run.js';
import { RunPublisher } from '../runs/runs.publisher.js';
import { RunRepository } from '../runs/runs.repository.js';
import type { StepOutcome } from '../twilio/account/apply-plan.js';
import { EndTenants } from './end-tenants.js';
import { NoteObserved } from './note-observed.js';
import type { Performed } from './perform-plan.js';
import type { EnvironmentPlan } from './plan-environment.js';
import type { ToldStep } from './plan-share.js';
import { papersMissing } from './tell-outcome.js';

/** Keys that an event names. */
const MOST_KEYS = 1_000;

/** Ends a run: whole, or with what is left to be done and by whom. */
@Injectable()
export class EndRun {
  constructor(
    private readonly db: Database,
    private readonly runs: RunRepository,
    private readonly publisher: RunPublisher,
    private readonly note: NoteObserved,
    private readonly endTenants: EndTenants,
    private readonly setups: NoteSetup,
  ) {}

  async run(run: Run, { plan, outcomes }: Performed): Promise<void> {
    await this.note.run(plan);
    const failed = outcomes.filter((outcome) => outcome.how === 'failed');
    const papers = failed.flatMap((outcome) => waitingFor(outcome));
    const whole = outcomes.every((outcome) => outcome.how === 'done' || (outcome.how === 'failed' && papersMissing(outcome.error) !== undefined));
    if (run.kind === 'delete' && whole) await this.endTenants.run(run.environment, run.tenants);
    if (run.kind === 'repair' && whole && outcomes.length > 0) await this.repaired(run, outcomes);
    if (run.kind === 'apply' && whole && outcomes.length > 0) await this.noteSetups(run, plan);
    await this.end(run, { state: whole ? 'whole' : 'partial', fault: null, waiting: [...plan.waiting, ...papers] });
  }

  private async repaired({ run, environment }: Run, outcomes: Performed['outcomes']): Promise<void> {
    const keys = outcomes.slice(0, MOST_KEYS).map(({ step }) => step.key);
    await this.db.transaction((tx) => this.publisher.repaired(tx, environment, run, keys));
  }

  /** Of tenants that are there for the first time: from their declaration on. */
  private async noteSetups({ startedAt }: Run, { facts }: EnvironmentPlan): Promise<void> {
    const first = facts.tenants.filter(({ revision, state }) => revision === 1 && state === 'declared');
    if (first.length === 0) return;
    await this.db.transaction(async (tx) => {
      for (const { tenant } of first) await this.setups.within(tx, tenant, startedAt, new Date());
    });
  }

  /** Also for a run that came to nothing. */
  async end(run: Run, end: RunEnd): Promise<void> {
    await this.db.transaction(async (tx) => {
      if (!(await this.runs.end(tx, run.run, end))) return;
      const { done, failed, skipped } = await this.runs.counts(tx, run.run);
      await this.publisher.ended(tx, run, end, { done, failed, skipped });
    });
    crashPoint('run.ended');
  }
}

function waitingFor({ step, error }: Extract<StepOutcome<ToldStep>, { how: 'failed' }>): RunEnd['waiting'] {
  const who = papersMissing(error);
  if (who === undefined || (step.action.do !== 'buy-number' && step.action.do !== 'move-number')) return [];
  return [{ tenant: step.tenant, what: step.action.number.e164, why: (error as Error).message, who }];
}
