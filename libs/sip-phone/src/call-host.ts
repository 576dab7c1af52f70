import type { HostPort } from './sip-address.js';
import type { Credentials } from './sip-digest.js';
import type { SipHeader } from './sip-message.js';
import type { Transactions } from './transactions.js';

/** Who the phone is, as its requests say it. */
export interface PhoneIdentity {
  readonly credentials: Credentials;
  readonly domain: string;
  readonly displayName: string | undefined;
  /** User part of From, when it isn't that of the credentials. */
  readonly fromUser?: string;
  /** `sip:user@address:port`, where requests for us arrive. */
  readonly contact: string;
  /** Where requests go that have no better place: the registrar, which is the PBX. */
  readonly registrar: HostPort | undefined;
}

/** What a call and a registration need of their phone. */
export interface CallHost {
  readonly identity: PhoneIdentity;
  readonly transactions: Transactions;
}

/** What this phone answers to; UPDATE, PRACK and REFER are not among it, so nobody relies on them. */
export const ALLOW: SipHeader = ['Allow', 'INVITE, ACK, CANCEL, BYE, OPTIONS, INFO, NOTIFY, MESSAGE'];
export const USER_AGENT: SipHeader = ['User-Agent', 'Troncal phone'];

export const contactHeader = (identity: PhoneIdentity): SipHeader => ['Contact', `<${identity.contact}>`];

/** The From of new requests, without its tag. */
export function fromValue(identity: PhoneIdentity): string {
  const name = identity.displayName === undefined ? '' : `"${identity.displayName.replaceAll(/["\\]/g, '\\$&')}" `;
  return `${name}<sip:${escapeUser(identity.fromUser ?? identity.credentials.user)}@${identity.domain}>`;
}

/** A user part with everything escaped that RFC 3261 doesn't allow there: `#` above all. */
export const escapeUser = (user: string): string => user.replaceAll(/[^\w\-.!~*'()&=+$,;?/]/g, (letter) => encodeURIComponent(letter));
