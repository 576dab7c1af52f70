import { randomInt } from 'node:crypto';

/** Letters that are hard to confuse when read aloud or copied by hand; no digits, `*` or `#`, so nobody tries to enter one by dial pad. */
export const PASSWORD_ALPHABET = 'ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnpqrstuvwxyz';
/** 48 letters, 24 times: 134 bits. */
export const PASSWORD_LENGTH = 24;

/** A new SIP password from the system's random source, each letter equally likely. */
export function newSipPassword(): string {
  return Array.from({ length: PASSWORD_LENGTH }, () => PASSWORD_ALPHABET.charAt(randomInt(PASSWORD_ALPHABET.length))).join('');
}
