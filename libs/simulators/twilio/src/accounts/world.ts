import { Audit } from '../monitor/audit.js';
import { NumberMarket } from '../phone-numbers/number-market.js';
import { PriceList } from '../pricing/prices.js';
import type { Callback } from '../wire/callback.js';
import { Account, type Identity, type Surroundings } from './account.js';
import { limitsSchema, type Limits } from './limits.js';

/** All of the simulated Twilio: its accounts, and what they share. */
export class World implements Surroundings {
  limits: Limits = limitsSchema.parse({});
  /** How long what was just made isn't to be seen by who reads, ms. */
  hiddenMs = 0;
  readonly audit = new Audit();
  readonly market = new NumberMarket();
  readonly prices = new PriceList();
  readonly main: Account;
  /** Tells a customer's server something, in the background. */
  callBack: (callback: Callback) => void = () => {};
  /** Has the debugger show an error, by Twilio's code. */
  alert: (account: Account, code: number, text: string, about: { readonly resourceSid?: string; readonly url?: string }) => void = () => {};
  private readonly accounts = new Map<string, Account>();
  private readonly namesOfOthers = new Set<string>();

  constructor(identity: Identity) {
    this.main = new Account(identity, null, this);
    this.accounts.set(identity.sid, this.main);
  }

  open(identity: Identity, parent: Account): Account {
    const account = new Account(identity, parent, this);
    this.accounts.set(identity.sid, account);
    return account;
  }

  account(sid: string): Account | undefined {
    return this.accounts.get(sid);
  }

  all(): Account[] {
    return [...this.accounts.values()];
  }

  /** Those under an account, without itself. */
  under(parent: Account): Account[] {
    return [...this.accounts.values()].filter((account) => account.parent === parent);
  }

  /** Whether who reads knows of an account already. */
  isSeen(account: Account): boolean {
    return Date.now() - account.createdAt.getTime() >= this.hiddenMs;
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
