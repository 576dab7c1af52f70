import { Injectable } from '@nestjs/common';
import type { TenantDeclaration } from '@troncal/contracts';
import { Database, type Tx } from '@troncal/persistence';
import type { Environment } from '../environments/environment.js';
import { PlanEnvironment, type EnvironmentPlan } from '../reconcile/plan-environment.js';
import { SettleTenants, type Unchosen } from '../reconcile/settle-tenants.js';
import type { EnvironmentFacts } from '../reconcile/tenant-facts.js';
import { StoreDeclarations } from './store-declarations.js';

/** Carries what a transaction saw out of it, and undoes the transaction. */
class Undone<T> extends Error {
  constructor(readonly seen: T) {
    super('undone');
  }
}

/**
 * Tells what applying these declarations would do, and stores nothing: they are stored and settled in a transaction that is undone. Numbers that are to be bought by pattern are
 * shown as they are for sale now. @throws as ApplyTenants
 */
@Injectable()
export class PlanTenants {
  constructor(
    private readonly db: Database,
    private readonly planner: PlanEnvironment,
    private readonly store: StoreDeclarations,
    private readonly settle: SettleTenants,
  ) {}

  async run(name: string, declarations: readonly TenantDeclaration[]): Promise<EnvironmentPlan> {
    const environment = await this.planner.environment(name);
    const codes = declarations.map(({ tenant }) => tenant);
    const first = await this.pretend(environment, declarations, async (tx) => {
      const unchosen = await this.settle.unchosen(name, codes, tx);
      return { unchosen, facts: unchosen.length === 0 ? await this.settled(tx, environment, codes) : undefined };
    });
    return this.planner.of(environment, first.facts ?? (await this.withCandidates(environment, declarations, first.unchosen)));
  }

  /** What is for sale is asked for outside of a transaction, which would wait for it. */
  private async withCandidates(environment: Environment, declarations: readonly TenantDeclaration[], unchosen: readonly Unchosen[]): Promise<EnvironmentFacts> {
    const candidates = await this.settle.candidates(this.planner.platform(), unchosen);
    return this.pretend(environment, declarations, async (tx) => {
      for (const [index, each] of unchosen.entries()) await this.settle.choose(tx, each, candidates[index]);
      return this.settled(tx, environment, declarations.map(({ tenant }) => tenant));
    });
  }

  private async settled(tx: Tx, environment: Environment, codes: readonly string[]): Promise<EnvironmentFacts> {
    await this.settle.settleUsers(tx, environment, codes);
    return this.planner.factsIn(tx, environment.name, codes);
  }

  /** What is seen once these were stored, which they are not. */
  private async pretend<T>(environment: Environment, declarations: readonly TenantDeclaration[], look: (tx: Tx) => Promise<T>): Promise<T> {
    try {
      await this.db.transaction(async (tx) => {
        await this.store.run(tx, environment, declarations);
        throw new Undone(await look(tx));
      });
    } catch (error) {
      if (error instanceof Undone) return (error as Undone<T>).seen;
      throw error;
    }
    throw new Error('A transaction that throws was committed.');
  }
}
