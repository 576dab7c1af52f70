import type { Address, ObservedAddresses } from './address-list.js';

/** The lists of addresses (IP access control lists) of one account. Each change may be asked for again; errors as of TwilioAccount. */
export abstract class AddressLists {
  /** In one request, one more when the list is there, and one when the domain is. */
  abstract read(name: string, domainSid: string | undefined): Promise<ObservedAddresses>;
  /** @returns its SID @throws PermanentError `address_lists_full` */
  abstract create(name: string): Promise<string>;
  /** With all addresses in it. */
  abstract remove(sid: string): Promise<void>;
  /** @throws PermanentError `addresses_full` */
  abstract add(listSid: string, address: Address): Promise<void>;
  abstract change(listSid: string, sid: string, address: Address): Promise<void>;
  abstract take(listSid: string, sid: string): Promise<void>;
  abstract map(domainSid: string, listSid: string): Promise<void>;
  abstract unmap(domainSid: string, listSid: string): Promise<void>;
}
