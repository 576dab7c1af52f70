import { Inject, Injectable } from '@nestjs/common';
import { LOGGER, PeriodicWork, Schema } from '@troncal/chassis';
import type { Logger } from '@troncal/observability';
import { DeclarationRepository } from '../declarations/declarations.repository.js';
import { isRunUnderWay } from '../runs/runs.errors.js';
import { StartRun } from '../runs/start-run.js';
import { TenantRepository } from '../tenants/tenants.repository.js';
import { statusOf, type Subaccount } from './subaccount.js';
import { SubaccountRepository } from './subaccounts.repository.js';

const EVERY_MS = 1_000;
/** What did not come about is tried again after this: Twilio may have suspended it by itself. */
const AGAIN_MS = 900_000;

/**
 * Begins a run for each tenant whose subaccount has to be suspended with it, or put to work again. It follows from the tables alone, so it is seen whatever died in between.
 */
@Injectable()
export class FollowSuspensions extends PeriodicWork {
  protected readonly failure = 'whether subaccounts have to be suspended can’t be told now';
  /** What was begun, with when, by subaccount. */
  private readonly begun = new Map<string, { readonly status: string; readonly at: number }>();

  constructor(
    private readonly subaccounts: SubaccountRepository,
    private readonly declarations: DeclarationRepository,
    private readonly tenants: TenantRepository,
    private readonly start: StartRun,
    @Inject(LOGGER) logger: Logger,
    schema: Schema,
  ) {
    super(EVERY_MS, schema, logger);
  }

  async once(): Promise<void> {
    const some = await this.subaccounts.suspendedSomewhere();
    if (some.length === 0) return;
    const suspended = await this.tenants.suspended();
    for (const subaccount of some) await this.follow(subaccount, suspended.has(subaccount.tenant));
  }

  private async follow({ environment, tenant, name, opened }: Subaccount, isSuspended: boolean): Promise<void> {
    const declared = await this.declarations.find(environment, tenant);
    if (declared?.state !== 'declared') return;
    const status = statusOf(declared.declaration, isSuspended);
    const before = this.begun.get(name);
    if (status === opened?.status) return void this.begun.delete(name);
    if (before?.status === status && Date.now() - before.at < AGAIN_MS) return;
    try {
      await this.start.run(environment, 'repair', () => Promise.resolve([tenant]));
      this.begun.set(name, { status, at: Date.now() });
    } catch (error) {
      // Another run is at work: it is looked at again at once.
      if (!isRunUnderWay(error)) throw error;
    }
  }
}
