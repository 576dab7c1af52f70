import { Injectable } from '@nestjs/common';
import { RailAccounts, type RailAccount } from '../rail-calls/rail-accounts.js';
import { TenantAccounts } from '../subaccounts/tenant-accounts.js';
import { NOBODY } from '../voice/flow/call-facts-of.js';

/** Calls are looked up in the account that their tenant is in. */
@Injectable()
export class DeclaredRailAccounts extends RailAccounts {
  constructor(private readonly accounts: TenantAccounts) {
    super();
  }

  async of(environment: string, tenant: string): Promise<RailAccount | undefined> {
    const reached = await this.accounts.clientOf({ environment, tenant });
    return reached && { owner: reached.own ? tenant : NOBODY, client: reached.client };
  }

  async all(environment: string): Promise<readonly RailAccount[]> {
    const own = (await this.accounts.signing()).filter((each) => each.environment === environment);
    const all = await Promise.all([NOBODY, ...own.map(({ tenant }) => tenant)].map((tenant) => this.of(environment, tenant)));
    return all.filter((account) => account !== undefined);
  }
}
