import { randomUUID } from 'node:crypto';
import { decodeTime, monotonicFactory } from 'ulid';

const ULID = /^[0-7][0-9A-HJKMNP-TV-Z]{25}$/;
const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[1-8][0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/;

const nextUlid = monotonicFactory();

/**
 * A new id for anything but a call or a leg: a ULID (26 Crockford base-32 characters, upper case).
 * Ids made by one process sort in the order of their making, even within one millisecond; between processes they sort by clock.
 */
export function newId(): string {
  return nextUlid();
}

/** When a ULID was made, in milliseconds since the epoch, by the clock of whoever made it. Throws on anything that is no ULID. */
export function idTime(id: string): number {
  return decodeTime(id);
}

/** True for a ULID in its canonical upper-case form. */
export function isId(text: string): boolean {
  return ULID.test(text);
}

/**
 * A new id of a call or of a leg: a random UUID (version 4, lower case), because AudioSocket carries its call id as
 * the 16 bytes of a UUID and nothing else (Asterisk 22, res_audiosocket).
 */
export function newCallId(): string {
  return randomUUID();
}

/** A new leg id; the same form as a call id. Single use: a re-attached leg gets another one. */
export function newLegId(): string {
  return randomUUID();
}

/** True for a UUID in lower case with dashes. */
export function isCallId(text: string): boolean {
  return UUID.test(text);
}
