import type { Queryable, Tx } from '@troncal/persistence';
import type { OpenedSubaccount, Subaccount, SubaccountKey } from './subaccount.js';

/** Keeps tenants' subaccounts with their sealed tokens. */
export abstract class SubaccountRepository {
  abstract find(key: SubaccountKey): Promise<Subaccount | undefined>;
  /** In order of the tenants' codes; all of the environment unless named. Also those whose tenant is gone. */
  abstract list(environment: string, tenants?: readonly string[], from?: Queryable): Promise<Subaccount[]>;
  /** All of all environments. */
  abstract all(): Promise<Subaccount[]>;
  /** Of these tenants in any environment. */
  abstract ofTenants(tenants: readonly string[]): Promise<Subaccount[]>;
  abstract lock(tx: Tx, key: SubaccountKey): Promise<Subaccount | undefined>;
  /** Which of these SIP domains are an environment's or a subaccount's. */
  abstract domainsInUse(tx: Tx, domains: readonly string[]): Promise<ReadonlySet<string>>;
  /** One statement, however many they are. */
  abstract add(tx: Tx, ...subaccounts: readonly Subaccount[]): Promise<void>;
  /** Before Twilio is asked for it. */
  abstract asking(tx: Tx, key: SubaccountKey): Promise<void>;
  abstract opened(tx: Tx, key: SubaccountKey, opened: OpenedSubaccount): Promise<void>;
  abstract become(tx: Tx, key: SubaccountKey, status: OpenedSubaccount['status']): Promise<void>;
  abstract remove(tx: Tx, key: SubaccountKey): Promise<void>;
  /** Of these tenants those that Twilio was never asked for. */
  abstract removeUnasked(tx: Tx, environment: string, tenants: readonly string[]): Promise<void>;
  /** Those that are suspended, or whose declared tenant is: the others are as they have to be. */
  abstract suspendedSomewhere(): Promise<Subaccount[]>;
  /** Puts the same token under another seal, unless it became another meanwhile. */
  abstract reseal(key: SubaccountKey, before: OpenedSubaccount['token'], after: OpenedSubaccount['token']): Promise<void>;
}
