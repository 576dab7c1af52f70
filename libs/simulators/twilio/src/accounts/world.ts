import { NumberMarket } from '../phone-numbers/number-market.js';
import { Account, type Identity } from './account.js';
import { limitsSchema, type Limits } from './limits.js';

/** All of the simulated Twilio: its accounts, and what they share. */
export class World {
  limits: Limits = limitsSchema.parse({});
  /** How long what was just made isn't to be seen by who reads, ms. */
  hiddenMs = 0;
  readonly market = new NumberMarket();
  readonly main: Account;
  private readonly accounts = new Map<string, Account>();
  private readonly namesOfOthers = new Set<string>();

  constructor(identity: Identity) {
    this.main = new Account(identity, null, () => this.hiddenMs);
    this.accounts.set(identity.sid, this.main);
  }

  open(identity: Identity, parent: Account): Account {
    const account = new Account(identity, parent, () => this.hiddenMs);
    this.accounts.set(identity.sid, account);
    return account;
  }

  account(sid: string): Account | undefined {
    return this.accounts.get(sid);
  }

  /** Those under an account, without itself. */
  under(parent: Account): Account[] {
    return [...this.accounts.values()].filter((account) => account.parent === parent);
  }

  /** Domain names are unique over all customers of Twilio. */
  isDomainNameTaken(name: string): boolean {
    return this.namesOfOthers.has(name) || [...this.accounts.values()].some((account) => account.domains.having('domain_name', name) !== undefined);
  }

  /** Another customer takes this name. */
  takeDomainName(name: string): void {
    this.namesOfOthers.add(name);
  }

  ownerOfNumber(e164: string): Account | undefined {
    return [...this.accounts.values()].find((account) => account.numbers.having('phone_number', e164) !== undefined);
  }
}
