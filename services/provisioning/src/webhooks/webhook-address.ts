import { lookup as resolve, type LookupAddress } from 'node:dns';
import { BlockList, isIP, type LookupFunction } from 'node:net';
import { PermanentError } from '@troncal/kernel';

/** IPv4 that is nobody's on the Internet, or everybody's (IANA special-purpose registry, RFC 6890 and later). */
const NOT_PUBLIC_4: readonly (readonly [string, number])[] = [
  ['0.0.0.0', 8], ['10.0.0.0', 8], ['100.64.0.0', 10], ['127.0.0.0', 8], ['169.254.0.0', 16], ['172.16.0.0', 12], ['192.0.0.0', 24], ['192.0.2.0', 24],
  ['192.88.99.0', 24], ['192.168.0.0', 16], ['198.18.0.0', 15], ['198.51.100.0', 24], ['203.0.113.0', 24], ['224.0.0.0', 4], ['240.0.0.0', 4],
];
/** In 2000::/3, outside of which nothing is public: what stands for another address (Teredo, 6to4), and documentation. */
const NOT_PUBLIC_6: readonly (readonly [string, number])[] = [['2001::', 23], ['2001:db8::', 32], ['2002::', 16], ['3fff::', 20]];

const blocked = new BlockList();
for (const [net, bits] of NOT_PUBLIC_4) blocked.addSubnet(net, bits, 'ipv4');
for (const [net, bits] of NOT_PUBLIC_6) blocked.addSubnet(net, bits, 'ipv6');
const global6 = new BlockList();
global6.addSubnet('2000::', 3, 'ipv6');

/** Whether an address may be reached on behalf of a tenant: one of the public Internet, IPv4 hidden in IPv6 not among them. */
export function isPublicAddress(address: string): boolean {
  const family = isIP(address);
  if (family === 4) return !blocked.check(address, 'ipv4');
  return family === 6 && global6.check(address, 'ipv6') && !blocked.check(address, 'ipv6');
}

/**
 * A URL that events may be sent to. An address in it is judged here, a name when it's resolved (see {@link guardedLookup}).
 * @param allowPrivate for a lab: whatever address, and plain http
 * @throws PermanentError `bad_webhook_url`
 */
export function webhookUrl(text: string, allowPrivate: boolean): URL {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  const host = url?.hostname.replaceAll(/^\[|\]$/g, '') ?? '';
  const fault =
    !url ? 'it is no URL'
    : url.protocol !== 'https:' && !(allowPrivate && url.protocol === 'http:') ? 'it is not https'
    : url.username !== '' || url.password !== '' ? 'it holds credentials; the signature is what tells that we sent it'
    : url.hash !== '' ? 'it has a fragment'
    : !allowPrivate && isIP(host) !== 0 && !isPublicAddress(host) ? 'its address is not public'
    : undefined;
  if (!url || fault !== undefined) {
    throw new PermanentError('bad_webhook_url', `No webhook can be sent there: ${fault ?? 'it is no URL'}.`, {
      remedy: 'Give an https URL of a system on the public Internet.',
    });
  }
  return url;
}

/** Said to Node in place of an address that is not public. */
export const PRIVATE_ADDRESS = 'EPRIVATEADDRESS';

/**
 * Resolves a name once and hands on only what it has judged: the connection goes to the very address that was looked at, whatever the
 * name's server says a moment later (DNS rebinding). One private address among several refuses them all.
 */
export function guardedLookup(allowPrivate: boolean): LookupFunction {
  return (hostname, options, done) => {
    resolve(hostname, { ...options, all: true }, (error, found: LookupAddress[]) => {
      const addresses = error ? [] : found;
      const [first] = addresses;
      const refused = allowPrivate ? undefined : addresses.find(({ address }) => !isPublicAddress(address));
      if (error || refused || !first) {
        done(error ?? Object.assign(new Error('not a public address'), { code: refused ? PRIVATE_ADDRESS : 'ENOTFOUND' }), '', 0);
        return;
      }
      if (options.all) done(null, addresses);
      else done(null, first.address, first.family);
    });
  };
}
