import { SecretVault, type KeyRing } from '@troncal/persistence';
import type { Twilio } from 'twilio';
import type { Environment } from '../environments/environment.js';
import type { TwilioAccount } from '../twilio/account/twilio-account.js';
import { TwilioAccounts, type ReachedAccount } from '../twilio/accounts.js';
import { notOpened } from './subaccounts.errors.js';
import type { OpenedSubaccount, Subaccount, SubaccountKey } from './subaccount.js';
import { SubaccountRepository } from './subaccounts.repository.js';

/** A subaccount with what its webhooks are signed with; nothing when its token doesn't open. */
export interface SigningSubaccount extends SubaccountKey {
  readonly sid: string;
  readonly tokens: readonly string[];
}

/** What a tenant's telephones are reached by. */
export interface TenantSeat {
  readonly account: TwilioAccount;
  /** Where its phones register. */
  readonly domain: string;
}

/** Knows which account a tenant is in, and reaches it. Subaccounts' tokens are sealed at rest. */
export class TenantAccounts {
  private readonly vault: SecretVault;

  constructor(
    private readonly accounts: TwilioAccounts,
    private readonly subaccounts: SubaccountRepository,
    keys: KeyRing,
  ) {
    this.vault = new SecretVault(keys);
  }

  get activeKeyId(): string {
    return this.vault.activeKeyId;
  }

  seal({ environment, tenant }: SubaccountKey, authToken: string): OpenedSubaccount['token'] {
    return this.vault.seal(['twilio-subaccount', environment, tenant], authToken);
  }

  /** @throws PermanentError `subaccount_not_opened`, `credential_key_missing`, `credential_damaged` */
  tokenOf({ environment, tenant, name, opened }: Subaccount): string {
    if (opened === null) throw notOpened(name, environment);
    return this.vault.open(['twilio-subaccount', environment, tenant], opened.token, `The auth token of the subaccount ${name}`, `troncal env repair ${environment}, which reads it anew at Twilio`);
  }

  /** @throws as {@link tokenOf}, and `twilio_not_configured` */
  reach(subaccount: Subaccount): ReachedAccount {
    const { opened, name, environment } = subaccount;
    if (opened === null) throw notOpened(name, environment);
    return this.accounts.subaccount({ sid: opened.sid, authToken: this.tokenOf(subaccount) });
  }

  /** @param subaccount null: the platform's account @throws as {@link reach} */
  accountOf(subaccount: Subaccount | null): TwilioAccount {
    return subaccount === null ? this.accounts.platform : this.reach(subaccount).account;
  }

  /** @throws as {@link reach} */
  async seat({ name, domain }: Pick<Environment, 'name' | 'domain'>, tenant: string): Promise<TenantSeat> {
    const subaccount = (await this.subaccounts.find({ environment: name, tenant })) ?? null;
    return { account: this.accountOf(subaccount), domain: subaccount?.domain ?? domain };
  }

  /** The SDK's client of the account that a tenant is in, and whether that is its own; undefined when there is none (yet). */
  async clientOf(key: SubaccountKey): Promise<{ readonly client: Twilio; readonly own: boolean } | undefined> {
    const { client } = this.accounts;
    if (client === undefined) return undefined;
    const subaccount = await this.subaccounts.find(key);
    if (subaccount === undefined) return { client, own: false };
    return subaccount.opened === null ? undefined : { client: this.reach(subaccount).client, own: true };
  }

  /** What the platform's webhooks are signed with. */
  get tokens(): readonly string[] {
    return this.accounts.tokens;
  }

  /** All that are open. */
  async signing(): Promise<SigningSubaccount[]> {
    return (await this.subaccounts.all()).flatMap((subaccount) => {
      const { environment, tenant, opened } = subaccount;
      return opened === null ? [] : [{ environment, tenant, sid: opened.sid, tokens: this.tokensOf(subaccount) }];
    });
  }

  /** The token, where it opens: one that doesn't keeps nobody else's calls from being answered, and is read anew at the next look; it is in the log since the start. */
  tokensOf(subaccount: Subaccount): string[] {
    try {
      return [this.tokenOf(subaccount)];
    } catch {
      return [];
    }
  }
}
