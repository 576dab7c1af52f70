import { Injectable } from '@nestjs/common';
import { Database } from '@troncal/persistence';
import type { SubaccountDeeds } from '../twilio/account/apply-plan.js';
import { TwilioAccounts } from '../twilio/accounts.js';
import { OpenSubaccount } from './open-subaccount.js';
import type { Subaccount } from './subaccount.js';
import { SubaccountRepository } from './subaccounts.repository.js';
import { TenantAccounts } from './tenant-accounts.js';

/** What a plan does to subaccounts as a whole; each is written down as soon as it is done. */
@Injectable()
export class TendSubaccount {
  constructor(
    private readonly db: Database,
    private readonly opening: OpenSubaccount,
    private readonly subaccounts: SubaccountRepository,
    private readonly accounts: TwilioAccounts,
    private readonly reached: TenantAccounts,
  ) {}

  of(subaccount: Subaccount): SubaccountDeeds {
    return {
      open: async () => this.reached.reach(await this.opening.run(subaccount)).account,
      setStatus: async (status) => {
        if (subaccount.opened === null) return;
        await this.accounts.subaccounts.setStatus(subaccount.opened.sid, status);
        await this.db.transaction((tx) => this.subaccounts.become(tx, subaccount, status));
      },
    };
  }
}
