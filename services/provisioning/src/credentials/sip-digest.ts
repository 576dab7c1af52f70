import { createHash } from 'node:crypto';

/**
 * HA1 = MD5(user:realm:password), RFC 7616 section 3.4.2, as 32 lower-case hex digits: what Asterisk 22 takes as `md5_cred`
 * in place of a password. MD5 is what SIP phones speak; the password's 134 bits are what resists guessing.
 */
export function sipDigest(user: string, realm: string, password: string): string {
  return createHash('md5').update(`${user}:${realm}:${password}`).digest('hex');
}
