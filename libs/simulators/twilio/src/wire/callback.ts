import type { Account } from '../accounts/account.js';

/** Something that Twilio tells a customer's server when nobody asked. Signed with the account's token. */
export interface Callback {
  readonly account: Account;
  /** For the log of webhooks: `bundle`, `usage-trigger`. */
  readonly why: string;
  readonly url: string;
  readonly method: 'GET' | 'POST';
  readonly parameters: Readonly<Record<string, string>>;
}
