import { randomBytes } from 'node:crypto';

/** A new identifier in Twilio's form: two letters that say of what, and 32 hexadecimal digits. */
export const newSid = (prefix: string): string => `${prefix}${randomBytes(16).toString('hex')}`;
