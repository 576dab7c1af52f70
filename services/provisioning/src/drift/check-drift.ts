import { isDeepStrictEqual } from 'node:util';
import { Injectable } from '@nestjs/common';
import { DriftDetectedV1, type DriftView } from '@troncal/contracts';
import { Database, Outbox } from '@troncal/persistence';
import { PlanEnvironment, type EnvironmentPlan } from '../reconcile/plan-environment.js';
import { describeAuthor, resourceOf } from '../twilio/account/change-author.js';
import { shownFirings } from '../usage-alerts/firing.js';
import { TellFiring } from '../usage-alerts/tell-firing.js';
import { DriftRepository } from './drift.repository.js';

type Difference = DriftView['differences'][number];

/** Differences that an event tells one by one. */
const MOST_TOLD = 200;

/**
 * Looks at a whole environment and tells how its account differs from what is declared, and by whom. The same differences are told once: again only when they
 * are others. Usage triggers whose firing nobody has heard of are told as well. @throws as PlanEnvironment
 */
@Injectable()
export class CheckDrift {
  constructor(
    private readonly db: Database,
    private readonly planner: PlanEnvironment,
    private readonly drift: DriftRepository,
    private readonly outbox: Outbox,
    private readonly firings: TellFiring,
  ) {}

  async run(environment: string): Promise<DriftView> {
    const plan = await this.planner.run(environment);
    for (const firing of shownFirings(plan.environment, plan.accounts.flatMap(({ observed }) => observed.triggers ?? []))) await this.firings.run(firing);
    const differences = await this.differencesOf(plan);
    const view: DriftView = { environment, checkedAt: new Date().toISOString(), reads: plan.reads, differences };
    await this.db.transaction(async (tx) => {
      const before = await this.drift.replace(tx, view);
      if (differences.length === 0 || isDeepStrictEqual(keysOf(before ?? []), keysOf(differences))) return;
      const told = differences.slice(0, MOST_TOLD).map(({ key, says, by }) => ({ key, says, by }));
      await this.outbox.emit(tx, DriftDetectedV1, { tenant: '_', subject: environment, data: { environment, differences: told, more: Math.max(0, differences.length - MOST_TOLD) } });
    });
    return view;
  }

  private async differencesOf({ accounts }: EnvironmentPlan): Promise<Difference[]> {
    return Promise.all(
      accounts.flatMap(({ account, observed, steps }) =>
        steps.map(async ({ key, tenant, says, action }) => {
          const resource = resourceOf(action, observed);
          const author = resource === undefined ? undefined : await account?.lastAuthor(resource);
          return { key, tenant, says, by: author === undefined ? null : describeAuthor(author) };
        }),
      ),
    );
  }
}

const keysOf = (differences: readonly Difference[]): string[] => differences.map(({ key, says }) => `${key} ${says}`).sort();
