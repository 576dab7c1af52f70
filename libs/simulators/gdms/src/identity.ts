import { createHash, randomBytes } from 'node:crypto';

/** Who may ask: the developer's key of GDMS's console, and the account whose devices are shown. */
export interface Identity {
  /** OAuth client_id. */
  readonly apiId: string;
  /** OAuth client_secret; signs every request. */
  readonly secretKey: string;
  readonly username: string;
  readonly password: string;
}

const hex = (algorithm: 'md5' | 'sha256', text: string): string => createHash(algorithm).update(text).digest('hex');

/** What is sent in a password's place. Source: Grandstream's GDMS API guide. */
export const passwordDigest = (password: string): string => hex('sha256', hex('md5', password));

export const sha256 = (text: string): string => hex('sha256', text);

export const newIdentity = (): Identity => ({ apiId: '100555', secretKey: randomBytes(16).toString('hex'), username: 'simulated', password: randomBytes(16).toString('hex') });
