import type { Twilio } from 'twilio';

/** An account that calls of an environment are in. */
export interface RailAccount {
  /** The tenant whose own it is; `_`: the platform's. */
  readonly owner: string;
  readonly client: Twilio;
}

/** Reaches the accounts of an environment by the SDK. Whoever keeps accounts binds it. */
export abstract class RailAccounts {
  /** The one that a tenant is in; `_` is in the platform's. undefined: there is none (yet). */
  abstract of(environment: string, tenant: string): Promise<RailAccount | undefined>;
  /** All that there are. */
  abstract all(environment: string): Promise<readonly RailAccount[]>;

  async clientOf(environment: string, tenant: string): Promise<Twilio | undefined> {
    return (await this.of(environment, tenant))?.client;
  }

  /** The same, for who has made sure that there is one. @throws Error when there is none */
  async reach({ environment, tenant }: { readonly environment: string; readonly tenant: string }): Promise<Twilio> {
    const client = await this.clientOf(environment, tenant);
    if (!client) throw new Error(`There is no account of ${tenant} in the environment ${environment} to ask.`);
    return client;
  }
}
