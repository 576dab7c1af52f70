import { Injectable } from '@nestjs/common';
import { PermanentError } from '@troncal/kernel';
import type { DeclaredTenant } from '../declarations/declared-tenant.js';
import { notDeclared } from '../declarations/declarations.errors.js';
import { DeclarationRepository } from '../declarations/declarations.repository.js';
import { PlanEnvironment } from '../reconcile/plan-environment.js';
import { StartRun } from '../runs/start-run.js';
import { wishesOf } from './twilio-number.js';
import { TwilioNumberRepository } from './twilio-numbers.repository.js';

/**
 * Moves a number to the same tenant in another environment: it leaves one declaration and stands in the other, and its calls are led there.
 * @throws PermanentError `number_not_here`, `tenant_not_declared`, `route_not_declared`, `run_under_way`
 */
@Injectable()
export class MoveNumber {
  constructor(
    private readonly planner: PlanEnvironment,
    private readonly declarations: DeclarationRepository,
    private readonly numbers: TwilioNumberRepository,
    private readonly start: StartRun,
  ) {}

  /** @returns the run, in the environment that it goes to */
  async run(from: string, e164: string, to: string): Promise<string> {
    await Promise.all([this.planner.environment(from), this.planner.environment(to)]);
    return this.start.run(to, 'apply', async (tx) => {
      const number = await this.numbers.lock(tx, e164);
      if (number?.environment !== from) throw notHere(from, e164);
      const { tenant } = number;
      // Always in the same order, whichever way a number goes.
      const found = new Map<string, DeclaredTenant>();
      for (const environment of [from, to].sort()) {
        const declared = (await this.declarations.lock(tx, environment, [tenant])).get(tenant);
        if (declared === undefined) throw notDeclared(environment, tenant);
        found.set(environment, declared);
      }
      const [source, target] = [found.get(from), found.get(to)];
      if (source === undefined || target === undefined) throw notDeclared(to, tenant);
      const wanted = wishesOf(source.declaration.numbers).find(({ wish }) => wish === number.wish)?.number;
      const route = wanted?.route ?? 'main';
      if (!Object.hasOwn(target.declaration.routes, route)) throw noSuchRoute(to, tenant, route);
      await this.declarations.save(tx, { ...source, revision: source.revision + 1, declaration: { ...source.declaration, numbers: source.declaration.numbers.filter((each) => each !== wanted) } });
      await this.declarations.save(tx, { ...target, revision: target.revision + 1, declaration: { ...target.declaration, numbers: [...target.declaration.numbers, { have: 'owned', e164, route }] } });
      await this.numbers.remove(tx, number);
      await this.numbers.save(tx, { ...number, environment: to, wish: e164, state: 'pinned' });
      return [tenant];
    });
  }
}

const notHere = (environment: string, e164: string): PermanentError =>
  new PermanentError('number_not_here', `${e164} is no number of "${environment}".`, { status: 404, remedy: `troncal numbers list --env ${environment}` });

const noSuchRoute = (environment: string, tenant: string, route: string): PermanentError =>
  new PermanentError('route_not_declared', `"${tenant}" has no route "${route}" in "${environment}".`, { status: 409, remedy: `Carry it there first: troncal promote FROM ${environment} --tenant ${tenant} --apply` });
