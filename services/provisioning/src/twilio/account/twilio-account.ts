import type { DesiredDomain, DesiredNumber } from './desired-account.js';
import type { ObservedAccount } from './observed-account.js';
import type { DomainChanges, MappingWay, NumberChanges } from './step.js';

/**
 * One Twilio account. Every change may be asked for again: what is there already, by its natural key, counts as made, and what is gone already as removed.
 * Errors: PermanentError with Twilio's code for a refusal that asking again won't change, TransientError otherwise.
 */
export abstract class TwilioAccount {
  /** All that matters to us, in as few reads as there can be: three, one for each list's users, and two more when the domain is there. */
  abstract read(domainName: string): Promise<ObservedAccount>;
  /** @returns its SID @throws PermanentError `domain_taken` when another customer has the name */
  abstract createDomain(domain: DesiredDomain): Promise<string>;
  abstract changeDomain(sid: string, changes: DomainChanges): Promise<void>;
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
  abstract changeNumber(sid: string, changes: NumberChanges): Promise<void>;
}
