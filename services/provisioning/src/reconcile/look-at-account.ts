import { Injectable } from '@nestjs/common';
import { Database } from '@troncal/persistence';
import type { Environment } from '../environments/environment.js';
import type { OpenedSubaccount, Subaccount } from '../subaccounts/subaccount.js';
import { SubaccountRepository } from '../subaccounts/subaccounts.repository.js';
import { TenantAccounts } from '../subaccounts/tenant-accounts.js';
import type { DesiredAccount } from '../twilio/account/desired-account.js';
import type { NumberElsewhere, ObservedAccount } from '../twilio/account/observed-account.js';
import type { ReadScope, TwilioAccount } from '../twilio/account/twilio-account.js';
import { TwilioAccounts } from '../twilio/accounts.js';
import type { AccountShare } from './account-share.js';

/** An account as it was found. */
export interface SeenAccount {
  /** undefined: it isn't opened yet, or closed. */
  readonly account: TwilioAccount | undefined;
  readonly observed: ObservedAccount;
  readonly there: 'absent' | 'closed' | { readonly sid: string; readonly status: 'active' | 'suspended' };
  /** Requests that it took. */
  readonly reads: number;
}

/** Looks at the account that a share of an environment is in, and where the numbers are that are missed in it. */
@Injectable()
export class LookAtAccount {
  constructor(
    private readonly db: Database,
    private readonly accounts: TwilioAccounts,
    private readonly tenants: TenantAccounts,
    private readonly subaccounts: SubaccountRepository,
  ) {}

  async run(environment: Pick<Environment, 'domain'>, share: AccountShare, desired: DesiredAccount, scope: ReadScope): Promise<SeenAccount> {
    const { subaccount } = share;
    const seen = subaccount === null ? await this.platform(environment.domain, scope) : subaccount.opened === null ? await this.absent() : await this.own(subaccount, subaccount.opened, scope);
    if (seen.there === 'closed') return seen;
    const missing = desired.numbers.map(({ e164 }) => e164).filter((e164) => !seen.observed.numbers.some((number) => number.e164 === e164));
    if (missing.length === 0) return seen;
    const { elsewhere, reads } = await this.elsewhere(share, missing);
    return { ...seen, observed: { ...seen.observed, elsewhere }, reads: seen.reads + reads };
  }

  private async platform(domain: string, scope: ReadScope): Promise<SeenAccount> {
    const account = this.accounts.platform;
    const observed = await account.read(domain, scope);
    return { account, observed, there: { sid: account.sid, status: 'active' }, reads: readsOf(observed) };
  }

  /** Nothing is in it, and it will have its parent's permissions at first. */
  private async absent(): Promise<SeenAccount> {
    const permissions = await this.accounts.platform.permissions();
    return { account: undefined, observed: { ...EMPTY, permissions, inherited: true }, there: 'absent', reads: 1 };
  }

  /** Its parent is asked first: whether it is alive, and with which token, which somebody may have replaced at Twilio. */
  private async own(subaccount: Subaccount, { sid, status: known }: OpenedSubaccount, scope: ReadScope): Promise<SeenAccount> {
    const there = await this.accounts.subaccounts.find(sid);
    if (there === undefined || there.status === 'closed') return { account: undefined, observed: EMPTY, there: 'closed', reads: 1 };
    const { authToken, status } = there;
    if (status !== known || !this.tenants.tokensOf(subaccount).includes(authToken)) {
      await this.db.transaction((tx) => this.subaccounts.opened(tx, subaccount, { sid, status, token: this.tenants.seal(subaccount, authToken) }));
    }
    const { account } = this.accounts.subaccount({ sid, authToken });
    const observed = await account.read(subaccount.domain, scope);
    return { account, observed, there: { sid, status }, reads: 2 + readsOf(observed) };
  }

  /** In the platform's account, and in those that the same tenants have in other environments: from there numbers are moved. */
  private async elsewhere({ subaccount, tenants }: AccountShare, missing: readonly string[]): Promise<{ readonly elsewhere: ReadonlyMap<string, NumberElsewhere>; readonly reads: number }> {
    const others = (await this.subaccounts.ofTenants(tenants.map(({ tenant }) => tenant))).filter(({ opened }) => opened !== null && opened.sid !== subaccount?.opened?.sid);
    const places = [...(subaccount === null ? [] : [this.accounts.platform]), ...others.map((other) => this.tenants.accountOf(other))];
    const found = new Map<string, NumberElsewhere>();
    await Promise.all(
      places.flatMap((account) =>
        missing.map(async (e164) => {
          const sid = await account.findNumber(e164);
          if (sid !== undefined) found.set(e164, { account: account.sid, sid });
        }),
      ),
    );
    return { elsewhere: found, reads: places.length * missing.length };
  }
}

const EMPTY: ObservedAccount = { domain: undefined, lists: [], numbers: [], permissions: new Map(), addresses: { list: undefined, others: [] }, counts: { domains: 0, lists: 0 } };

/** Domains, lists, numbers, dialing permissions; each list's users; a domain's two kinds of mappings; what not every environment has. */
function readsOf({ lists, domain, triggers, addresses }: ObservedAccount): number {
  // All address lists; the addresses of ours; what is mapped to the domain.
  const ofAddresses = addresses === undefined ? 0 : 1 + (addresses.list === undefined ? 0 : 1) + (domain === undefined ? 0 : 1);
  return 4 + lists.length + (domain === undefined ? 0 : 2) + (triggers === undefined ? 0 : 1) + ofAddresses;
}
