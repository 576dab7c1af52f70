import { BlockList, isIPv4 } from 'node:net';
import type { Account } from '../accounts/account.js';
import type { World } from '../accounts/world.js';
import type { Row } from '../wire/rows.js';

/** A SIP domain with the account that it is of. */
export interface SipDomain {
  readonly account: Account;
  readonly row: Row;
  readonly name: string;
}

const EDGE = /^([a-z0-9-]+)\.sip\.([a-z0-9-]+)\.twilio\.com$/i;

/** `plaza.sip.sao-paulo.twilio.com` is `plaza.sip.twilio.com` at an edge. */
export const withoutEdge = (host: string): string => host.toLowerCase().replace(EDGE, '$1.sip.twilio.com');
export const namesEdge = (host: string): boolean => EDGE.test(host);
export const isTwilio = (host: string): boolean => /\.sip\.(?:[a-z0-9-]+\.)?twilio\.com$/i.test(host);

export function domainNamed(world: World, host: string): SipDomain | undefined {
  const name = withoutEdge(host);
  for (const account of [world.main, ...world.under(world.main)]) {
    const row = account.domains.having('domain_name', name);
    if (row !== undefined) return { account, row, name };
  }
  return undefined;
}

/** The password of a user in the lists that are mapped to a domain for calls, or for registrations. */
export function passwordIn({ account, row }: SipDomain, which: 'calls' | 'registrations', username: string): string | undefined {
  for (const list of account.mappingsOf(row.sid)[which].all()) {
    const password = account.credentialsOf(list.sid).having('username', username)?.attributes['password'];
    if (typeof password === 'string') return password;
  }
  return undefined;
}

/** Whether an address is in one of the lists that are mapped to a domain; true when none is. */
export function admits({ account, row }: SipDomain, ip: string): boolean {
  const lists = account.mappingsOf(row.sid).addresses.all();
  const addresses = lists.flatMap(({ sid }) => account.addressesOf(sid).all());
  const isListed = ({ attributes }: Row): boolean => {
    const { ip_address: address, cidr_prefix_length: bits } = attributes;
    return typeof address === 'string' && isWithin(ip, address, Number(bits));
  };
  return lists.length === 0 || addresses.some(isListed);
}

function isWithin(ip: string, network: string, bits: number): boolean {
  const list = new BlockList();
  list.addSubnet(network, bits);
  return isIPv4(ip) && list.check(ip);
}

export const hasAddresses = ({ account, row }: SipDomain): boolean => account.mappingsOf(row.sid).addresses.size > 0;
export const hasLists = ({ account, row }: SipDomain, which: 'calls' | 'registrations'): boolean => account.mappingsOf(row.sid)[which].size > 0;
