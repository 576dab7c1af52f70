import type { AddressLists } from './address-list/address-lists.js';
import type { ChangeAuthor } from './change-author.js';
import type { DesiredDomain, DesiredNumber, MappingWay } from './desired-account.js';
import type { ObservedAccount } from './observed-account.js';
import type { DomainChanges, NumberChanges, PermissionChanges } from './step.js';
import type { Papers } from './papers/papers.js';
import type { UsageTriggers } from './usage-triggers/usage-triggers.js';

/** What a number has to be like. */
export interface NumberWish {
  /** ISO 3166. */
  readonly country: string;
  readonly type: 'local' | 'mobile' | 'national' | 'toll-free';
  /** Twilio's `Contains`: digits, `*` for one, `%` for any number of them. */
  readonly contains?: string | undefined;
}

/** How Twilio sees an account. */
export interface AccountStanding {
  readonly type: 'Full' | 'Trial';
  readonly status: 'active' | 'suspended' | 'closed';
}

/** What of an account is read beside what always is. */
export interface ReadScope {
  /** Lists whose users are to be read; those of all lists when absent. */
  readonly lists?: ReadonlySet<string> | undefined;
  /** Usage triggers too: one more request. */
  readonly triggers?: boolean;
  /** The address list of this name too, and what else is mapped: one more request, one when it is there and one when the domain is. */
  readonly addressList?: string | undefined;
}

/**
 * One Twilio account. Every change may be asked for again: what is there already, by its natural key, counts as made, and what is gone already as removed.
 * Errors: PermanentError with Twilio's code for a refusal that asking again won't change, TransientError otherwise.
 */
export abstract class TwilioAccount {
  abstract readonly sid: string;
  abstract readonly triggers: UsageTriggers;
  abstract readonly addresses: AddressLists;
  abstract readonly papers: Papers;
  /**
   * All that matters to us, in as few reads as there can be: four, one for each list's users, and two more when the domain is there.
   * Dialing permissions that can't be read are told as such, and keep nothing else from being read. Of a subaccount one more tells whether they are its own.
   */
  abstract read(domainName: string, scope?: ReadScope): Promise<ObservedAccount>;
  /** The names of all its SIP domains. */
  abstract domainNames(): Promise<string[]>;
  /** Which numbers it has (E.164), in one request. */
  abstract numbers(): Promise<ReadonlySet<string>>;
  /** Which countries may be called, or why that could not be read. */
  abstract permissions(): Promise<ObservedAccount['permissions']>;
  /** The SID of a number, whatever it does; undefined when the account has no such number. */
  abstract findNumber(e164: string): Promise<string | undefined>;
  /** @returns its SID @throws PermanentError `domain_taken` when another customer has the name */
  abstract createDomain(domain: DesiredDomain): Promise<string>;
  abstract changeDomain(sid: string, changes: DomainChanges): Promise<void>;
  /** Its name may be somebody else's the next moment. */
  abstract removeDomain(sid: string): Promise<void>;
  /** @returns its SID @throws PermanentError `lists_full` */
  abstract createList(name: string): Promise<string>;
  abstract removeList(sid: string): Promise<void>;
  /** A user that is there already keeps the password that it has. @throws PermanentError `users_full` */
  abstract createUser(listSid: string, username: string, password: string): Promise<void>;
  abstract removeUser(listSid: string, sid: string): Promise<void>;
  abstract mapList(domainSid: string, listSid: string, way: MappingWay): Promise<void>;
  abstract unmapList(domainSid: string, listSid: string, way: MappingWay): Promise<void>;
  /** Buys this number and no other. One that the account has already is given the settings. @throws PermanentError `number_taken`, `bundle_missing` */
  abstract buyNumber(number: DesiredNumber): Promise<void>;
  /** Takes a number over from another account of the same parent's, with its settings. @param from that account's SID @throws PermanentError `account_unrelated`, `bundle_missing` */
  abstract moveNumber(from: string, sid: string, number: DesiredNumber): Promise<void>;
  abstract changeNumber(sid: string, changes: NumberChanges): Promise<void>;
  /** For ever: nobody gets a number back. */
  abstract releaseNumber(sid: string): Promise<void>;
  abstract permitCountries(changes: PermissionChanges): Promise<void>;
  /** Another password for a user that is there. */
  abstract setPassword(listSid: string, sid: string, password: string): Promise<void>;
  /** Who changed a thing last; undefined when Twilio doesn't tell. */
  abstract lastAuthor(sid: string): Promise<ChangeAuthor | undefined>;
  abstract standing(): Promise<AccountStanding>;
  /** Whether Twilio has approved a customer profile of its owner: only then is it known to take more than 2 or 3 calls at once. */
  abstract hasApprovedProfile(): Promise<boolean>;
  /** Numbers for sale, at most `limit`; any of them may be gone when it is bought. */
  abstract search(wish: NumberWish, limit: number): Promise<string[]>;
}
