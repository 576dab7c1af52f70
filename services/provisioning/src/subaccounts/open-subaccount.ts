import { Injectable } from '@nestjs/common';
import { crashPoint } from '@troncal/config';
import { Database } from '@troncal/persistence';
import type { OpenedAccount } from '../twilio/account/twilio-subaccounts.js';
import { TwilioAccounts } from '../twilio/accounts.js';
import type { OpenedSubaccount, Subaccount, SubaccountKey } from './subaccount.js';
import { nameTaken, unknownSubaccount } from './subaccounts.errors.js';
import { SubaccountRepository } from './subaccounts.repository.js';
import { TenantAccounts } from './tenant-accounts.js';

/**
 * Opens a tenant's subaccount, or finds the one that a process before opened. Twilio takes a name twice, so it is written down before it is asked for, and whoever finds that
 * written looks for it by name first. An account of that name that we never asked for is somebody's, and is not touched.
 */
@Injectable()
export class OpenSubaccount {
  constructor(
    private readonly db: Database,
    private readonly subaccounts: SubaccountRepository,
    private readonly accounts: TwilioAccounts,
    private readonly reached: TenantAccounts,
  ) {}

  /** @returns it, opened @throws PermanentError `subaccounts_full`, `subaccount_name_taken`; TransientError `twilio_outcome_unknown` */
  async run(key: SubaccountKey): Promise<Subaccount> {
    const wanted = await this.subaccounts.find(key);
    if (wanted === undefined) throw unknownSubaccount(key.environment, key.tenant);
    if (wanted.opened !== null) return wanted;
    const there = wanted.asked ? await this.accounts.subaccounts.sought(wanted.name) : undefined;
    const { sid, authToken, status } = there ?? (await this.make(wanted));
    crashPoint('subaccount.made');
    const opened: OpenedSubaccount = { sid, token: this.reached.seal(key, authToken), status: status === 'suspended' ? status : 'active' };
    await this.db.transaction((tx) => this.subaccounts.opened(tx, key, opened));
    return { ...wanted, asked: true, opened };
  }

  private async make(wanted: Subaccount): Promise<OpenedAccount> {
    const { subaccounts } = this.accounts;
    const { name, asked } = wanted;
    if (!asked) {
      const other = await subaccounts.named(name);
      if (other !== undefined) throw nameTaken(wanted, other.sid);
      await this.db.transaction((tx) => this.subaccounts.asking(tx, wanted));
      crashPoint('subaccount.asked');
    }
    return subaccounts.make(name);
  }
}
