import type { EdgeAddress } from '@troncal/contracts';

/** A SIP URI's parts that a call is decided by (RFC 3261 section 19.1). */
export interface SipAddress {
  /** Percent-decoded once, `+` kept; never empty. */
  readonly user: string;
  /** Lower case, without the port. */
  readonly host: string;
}

/** Longer ones are nobody's: Twilio's own are far below. */
const LONGEST = 1_024;
const ADDRESS = /^sips?:([^@\s<>"]+)@([^@;?:\s<>"]+)(?::\d{1,5})?(?:[;?][^\s<>"]*)?$/i;
/** `"Name" <sip:…>;tag=…`: the name may hold anything, quoted pairs too. */
const NAMED = /^\s*(?:"(?:[^"\\]|\\.)*"|[^"<]*)\s*<([^<>\s]+)>/s;
const HOST = /^[a-z0-9](?:[a-z0-9-]*[a-z0-9])?(?:\.[a-z0-9](?:[a-z0-9-]*[a-z0-9])?)*$/;

/**
 * Reads a SIP or SIPS URI, bare or as a name-addr with a display name; passwords, ports, URI parameters, parameters within the user part
 * (`+56…;phone-context=…`) and headers are passed over. Decoded as a URI, never as a form: `+` stays a plus.
 * @returns undefined for whatever is no such URI
 */
export function readSipUri(text: string): SipAddress | undefined {
  if (text.length > LONGEST) return undefined;
  const bare = text.includes('<') ? NAMED.exec(text)?.[1] : text.trim();
  const [, userInfo = '', host = ''] = ADDRESS.exec(bare ?? '') ?? [];
  const user = decoded(/^[^:;]*/.exec(userInfo)?.[0] ?? '');
  const lower = host.toLowerCase();
  return user === undefined || user === '' || !HOST.test(lower) ? undefined : { user, host: lower };
}

/** What a SIP user is called, whether or not it came percent-encoded; undefined for broken encoding. */
export function decoded(text: string): string | undefined {
  try {
    return decodeURIComponent(text);
  } catch {
    return undefined;
  }
}

/**
 * The URI of a SIP user, for <Sip>. Every character that could end the user part, or begin parameters or headers, is percent-encoded.
 * @throws RangeError for a domain that is no host name
 */
export function sipUri(username: string, domain: string): string {
  const host = domain.toLowerCase();
  if (!HOST.test(host)) throw new RangeError(`Not a host name: ${JSON.stringify(domain)}`);
  // A plus is legal as it is (RFC 3261 section 25.1, user-unreserved), and stands in names that were given to Twilio raw.
  return `sip:${encodeURIComponent(username.toWellFormed()).replaceAll('%2B', '+')}@${host}`;
}

/** An address at our Asterisk, for <Sip>. Headers reach the INVITE as they are (twilio.com/docs/voice/twiml/sip: together below 1,024 characters). */
export function edgeUri(user: string, { host, port, transport }: EdgeAddress, headers: Readonly<Record<string, string>>): string {
  const told = Object.entries(headers).map(([name, value]) => `${name}=${encodeURIComponent(value)}`);
  return `${sipUri(user, host)}${port === undefined ? '' : `:${port}`};transport=${transport}?${told.join('&')}`;
}

const CALLER_ID = /^[A-Za-z0-9+\-_.]{1,64}$/;

/**
 * The number or name that the called phone is shown, or undefined for what Twilio doesn't take in callerId of a <Sip>
 * (twilio.com/docs/voice/twiml/sip: letters, digits and `+-_.`).
 */
export function callerIdOf(from: string): string | undefined {
  const shown = /^sips?:|</i.test(from) ? readSipUri(from)?.user : from.trim();
  return shown !== undefined && CALLER_ID.test(shown) ? shown : undefined;
}
