import { Injectable } from '@nestjs/common';
import { crashPoint } from '@troncal/config';
import { Database } from '@troncal/persistence';
import type { EndRun } from '../reconcile/end-run.js';
import type { Run, RunStep } from '../runs/run.js';
import { TellRun } from '../runs/tell-run.js';
import { ACCOUNT_KEY } from '../twilio/account/step.js';
import { TwilioAccounts } from '../twilio/accounts.js';
import type { Subaccount } from './subaccount.js';
import { numbersLeft } from './subaccounts.errors.js';
import { SubaccountRepository } from './subaccounts.repository.js';

/** Closes a subaccount that nothing of ours is left in, and forgets it. One that is closed already, by a process that died after it, is only forgotten. */
@Injectable()
export class PerformClosing {
  constructor(
    private readonly db: Database,
    private readonly subaccounts: SubaccountRepository,
    private readonly accounts: TwilioAccounts,
    private readonly tell: TellRun,
  ) {}

  /** @throws PermanentError `subaccount_not_empty` for numbers in it that nobody here knows of */
  async run(run: Run, ending: EndRun): Promise<void> {
    const [tenant = ''] = run.tenants;
    const subaccount = await this.subaccounts.find({ environment: run.environment, tenant });
    if (subaccount !== undefined) {
      const step: RunStep = { key: `${tenant}/${ACCOUNT_KEY}`, tenant, says: `closes the subaccount ${subaccount.name} with its SIP domain, for ever` };
      await this.tell.planned(run, [step]);
      await this.close(subaccount);
      crashPoint('subaccount.closed');
      await this.db.transaction(async (tx) => {
        await this.subaccounts.remove(tx, subaccount);
        await this.tell.done(tx, run, step);
      });
    }
    await ending.end(run, { state: 'whole', fault: null, waiting: [] });
  }

  private async close(subaccount: Subaccount): Promise<void> {
    const { name, opened, asked } = subaccount;
    const { subaccounts } = this.accounts;
    // One that was asked for and never known: only its name tells which it is.
    const there = opened === null ? (asked ? await subaccounts.named(name) : undefined) : await subaccounts.find(opened.sid);
    if (there === undefined || there.status === 'closed') return;
    const { account } = this.accounts.subaccount(there);
    const { numbers, domain } = await account.read(subaccount.domain, { lists: new Set() });
    if (numbers.length > 0) throw numbersLeft(subaccount, numbers.map(({ e164 }) => e164));
    if (domain !== undefined && there.status === 'active') await account.removeDomain(domain.sid);
    await subaccounts.setStatus(there.sid, 'closed');
  }
}
