import { createHash } from 'node:crypto';

/** What lets a program in at GDMS. */
export interface GdmsCredentials {
  /** OAuth client_id: the API ID of its console. */
  readonly apiId: string;
  /** OAuth client_secret: the Secret Key of its console. */
  readonly secretKey: string;
  readonly username: string;
  /** See {@link gdmsPasswordDigest}: as good as the password, and as secret. */
  readonly passwordDigest: string;
}

const hex = (algorithm: 'md5' | 'sha256', text: string): string => createHash(algorithm).update(text).digest('hex');

/** What GDMS takes in a password's place: SHA-256 of the MD5 in hex. MD5 is Grandstream's choice; source: its GDMS API guide. */
export const gdmsPasswordDigest = (password: string): string => hex('sha256', hex('md5', password));

/**
 * The `signature` of a request whose query is the token and the time alone: over both with the client's id and secret, by name, and the very bytes of the body.
 * Source: Grandstream's GDMS API guide.
 * @param timestamp ms since 1970
 */
export function gdmsSignature(token: string, timestamp: number, body: string, { apiId, secretKey }: Pick<GdmsCredentials, 'apiId' | 'secretKey'>): string {
  return hex('sha256', `&access_token=${token}&client_id=${apiId}&client_secret=${secretKey}&timestamp=${String(timestamp)}&${body === '' ? '' : `${hex('sha256', body)}&`}`);
}
