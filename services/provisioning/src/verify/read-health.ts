import { Inject, Injectable } from '@nestjs/common';
import { CLOCK } from '@troncal/chassis';
import type { Clock } from '@troncal/kernel';
import { notDeclared } from '../declarations/declarations.errors.js';
import type { Environment } from '../environments/environment.js';
import { sharesOf } from '../reconcile/account-share.js';
import { PlanEnvironment } from '../reconcile/plan-environment.js';
import { ReadTenantFacts } from '../reconcile/tenant-facts.js';
import { ReadAccountHealth, type AccountHealth } from './read-account-health.js';

export interface EnvironmentHealth extends AccountHealth {
  readonly environment: Environment;
  readonly now: Date;
}

/** Reads all that tells whether the telephones of tenants work: Twilio's account and alerts, what calls have shown, our own voice URLs, the telephones' makers. */
@Injectable()
export class ReadHealth {
  constructor(
    private readonly planner: PlanEnvironment,
    private readonly facts: ReadTenantFacts,
    private readonly accounts: ReadAccountHealth,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {}

  /** Of one tenant, or of all that are declared there. @throws PermanentError `unknown_environment`, `tenant_not_declared`, `twilio_not_configured` */
  async run(name: string, only?: string): Promise<EnvironmentHealth> {
    const environment = await this.planner.environment(name);
    const all = await this.facts.run(name);
    const declared = all.tenants.filter(({ state }) => state === 'declared');
    const meant = declared.filter(({ tenant }) => only === undefined || tenant === only);
    if (only !== undefined && meant.length === 0) throw notDeclared(name, only);
    const now = this.clock.date();
    const codes = new Set(meant.map(({ tenant }) => tenant));
    const shares = sharesOf(environment, { ...all, tenants: declared }).filter(({ tenants }) => tenants.some(({ tenant }) => codes.has(tenant)));
    const read = await Promise.all(shares.map((share) => this.accounts.run(environment, share, codes, now)));
    return { environment, now, tenants: read.flatMap(({ tenants }) => tenants), strays: read.flatMap(({ strays }) => strays) };
  }
}
