import type { Queryable, Tx } from '@troncal/persistence';
import type { SipUser, SipUserKey } from './sip-user.js';

/** Keeps the SIP users of Twilio and their sealed passwords. */
export abstract class SipUserRepository {
  abstract find(key: SipUserKey): Promise<SipUser | undefined>;
  /** Of a tenant, or of several, in order of tenant and extension. */
  abstract list(environment: string, tenants: readonly string[], from?: Queryable): Promise<SipUser[]>;
  /** All of these lists, whoever's they are, by user name. */
  abstract inLists(environment: string, lists: readonly string[], from?: Queryable): Promise<SipUser[]>;
  /** How many users each list of the platform's account has, over all environments: they share it. Nobody else may ask until the transaction ends, or two would take the last place of a list. */
  abstract fill(tx: Tx): Promise<ReadonlyMap<string, number>>;
  abstract lock(tx: Tx, key: SipUserKey): Promise<SipUser | undefined>;
  /** Whose these user names are, by name; nobody's are left out. */
  abstract ownersOf(tx: Tx, environment: string, usernames: readonly string[]): Promise<ReadonlyMap<string, SipUserKey>>;
  /** One statement, however many they are. */
  abstract save(tx: Tx, ...users: readonly SipUser[]): Promise<void>;
  abstract remove(tx: Tx, ...keys: readonly SipUserKey[]): Promise<void>;
  /** They are at Twilio with our passwords. @returns those of which that wasn't known before */
  abstract provisioned(tx: Tx, environment: string, users: readonly Pick<SipUser, 'list' | 'username'>[]): Promise<SipUser[]>;
  /** Up to `limit` users with a password under another key than this, in order, after the one given. */
  abstract sealedOtherwise(keyId: string, limit: number, after?: SipUserKey): Promise<SipUser[]>;
  /** Puts the same passwords under another seal, unless they became others meanwhile. */
  abstract reseal(user: SipUser, sealed: Pick<SipUser, 'password' | 'next' | 'last'>): Promise<void>;
}
