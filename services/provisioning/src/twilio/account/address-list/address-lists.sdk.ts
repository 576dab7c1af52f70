import type { Twilio } from 'twilio';
import { largest, unlessMissing, type TwilioRequests } from '../twilio-requests.js';
import { cidr, type Address, type ObservedAddresses } from './address-list.js';
import { AddressLists } from './address-lists.js';

/** Over Twilio's own SDK. */
export class SdkAddressLists extends AddressLists {
  constructor(
    private readonly twilio: Twilio,
    private readonly requests: TwilioRequests,
  ) {
    super();
  }

  async read(name: string, domainSid: string | undefined): Promise<ObservedAddresses> {
    return this.requests.ask('a read of the address lists', async () => {
      const [lists, mappings] = await Promise.all([this.twilio.sip.ipAccessControlLists.list(largest()), domainSid === undefined ? [] : this.mappings(domainSid).list(largest())]);
      const there = lists.find(({ friendlyName }) => friendlyName === name);
      const addresses = there === undefined ? [] : await this.addresses(there.sid).list(largest());
      const mapped = new Set(mappings.map(({ sid }) => sid));
      return {
        list: there && { sid: there.sid, name, mapped: mapped.has(there.sid), addresses: addresses.map(({ sid, ipAddress, cidrPrefixLength }) => ({ sid, ip: ipAddress, bits: cidrPrefixLength })) },
        others: lists.filter(({ sid }) => mapped.has(sid) && sid !== there?.sid).map(({ friendlyName }) => friendlyName),
      };
    });
  }

  create(name: string): Promise<string> {
    return this.requests.sidOf('AL', {
      what: `address list ${name}`,
      taken: 21235,
      make: () => this.twilio.sip.ipAccessControlLists.create({ friendlyName: name }),
      look: async () => (await this.twilio.sip.ipAccessControlLists.list(largest())).find(({ friendlyName }) => friendlyName === name),
    });
  }

  async remove(sid: string): Promise<void> {
    await this.requests.remove(`address list ${sid}`, () => this.twilio.sip.ipAccessControlLists(sid).remove());
  }

  async add(listSid: string, address: Address): Promise<void> {
    const addresses = this.addresses(listSid);
    await this.requests.sidOf('IP', {
      what: `the address ${cidr(address)}`,
      // Also its code for what is no address: then nothing is to be seen.
      taken: 21238,
      make: () => addresses.create({ friendlyName: cidr(address), ipAddress: address.ip, cidrPrefixLength: address.bits }),
      look: async () => (await addresses.list(largest())).find(({ ipAddress }) => ipAddress === address.ip),
    });
  }

  async change(listSid: string, sid: string, address: Address): Promise<void> {
    await this.requests.change(`a change of the address ${cidr(address)}`, () => this.addresses(listSid)(sid).update({ friendlyName: cidr(address), ipAddress: address.ip, cidrPrefixLength: address.bits }));
  }

  async take(listSid: string, sid: string): Promise<void> {
    await this.requests.remove(`the address ${sid}`, () => this.addresses(listSid)(sid).remove());
  }

  async map(domainSid: string, listSid: string): Promise<void> {
    const mappings = this.mappings(domainSid);
    // A mapping's SID is its list's.
    await this.requests.sidOf('AL', {
      what: `the mapping of ${listSid}`,
      taken: 21231,
      make: () => mappings.create({ ipAccessControlListSid: listSid }),
      look: () => mappings(listSid).fetch().catch(unlessMissing),
    });
  }

  async unmap(domainSid: string, listSid: string): Promise<void> {
    await this.requests.remove(`the mapping of ${listSid}`, () => this.mappings(domainSid)(listSid).remove());
  }

  private addresses(listSid: string) {
    return this.twilio.sip.ipAccessControlLists(listSid).ipAddresses;
  }

  private mappings(domainSid: string) {
    return this.twilio.sip.domains(domainSid).auth.calls.ipAccessControlListMappings;
  }
}
