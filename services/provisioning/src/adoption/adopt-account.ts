import { Injectable } from '@nestjs/common';
import { Database, type Tx } from '@troncal/persistence';
import { DeclarationRepository } from '../declarations/declarations.repository.js';
import type { Environment } from '../environments/environment.js';
import { EnvironmentRepository } from '../environments/environments.repository.js';
import { PlanEnvironment } from '../reconcile/plan-environment.js';
import type { ObservedAccount } from '../twilio/account/observed-account.js';
import { AdoptTenant, settingsOf } from './adopt-tenant.js';
import { FindInSubaccounts } from './find-in-subaccounts.js';
import { readFound, type AdoptionDefaults, type FoundTenants } from './read-found.js';

/**
 * Takes tenants over that were made by hand, in the platform's account or in subaccounts: written down as they are found, so that the first plan changes nothing. Their passwords stay
 * their phones' secret, and their calls are answered as before, until each is cut over. Nothing is asked of Twilio but to be read.
 */
@Injectable()
export class AdoptAccount {
  constructor(
    private readonly db: Database,
    private readonly planner: PlanEnvironment,
    private readonly environments: EnvironmentRepository,
    private readonly declarations: DeclarationRepository,
    private readonly subaccounts: FindInSubaccounts,
    private readonly adopt: AdoptTenant,
  ) {}

  /** @param write false only tells what is found @throws PermanentError `unknown_environment`, `twilio_not_configured` */
  async run(name: string, defaults: AdoptionDefaults, write: boolean): Promise<FoundTenants> {
    const environment = await this.planner.environment(name);
    const observed = await this.planner.platform().read(environment.domain);
    const known = new Set((await this.declarations.list(name)).map(({ tenant }) => tenant));
    const shared = readFound(environment, observed, defaults, known);
    const own = await this.subaccounts.run(environment, defaults, new Set([...known, ...shared.tenants.map(({ declaration: { tenant } }) => tenant)]));
    const found = { tenants: [...shared.tenants, ...own.tenants], leftOut: [...shared.leftOut, ...own.leftOut] };
    if (write) {
      await this.db.transaction(async (tx) => {
        await this.adoptDomain(tx, environment, observed, known.size === 0);
        for (const tenant of found.tenants) await this.adopt.run(tx, environment, tenant);
      });
    }
    return found;
  }

  /** A domain that is there before anything of ours is somebody's work. */
  private async adoptDomain(tx: Tx, environment: Environment, { domain }: ObservedAccount, first: boolean): Promise<void> {
    if (domain === undefined || !first || environment.found !== null) return;
    await this.environments.save(tx, { ...environment, secure: domain.secure, asFound: true, found: settingsOf(domain), revision: environment.revision + 1 });
  }
}
