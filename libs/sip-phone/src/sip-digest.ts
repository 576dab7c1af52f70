import { createHash, randomBytes } from 'node:crypto';
import { header, headers, type SipHeader, type SipResponse } from './sip-message.js';

export interface Credentials {
  readonly user: string;
  readonly password: string;
}

/** A digest challenge that we can answer. */
export interface DigestChallenge {
  readonly realm: string;
  readonly nonce: string;
  readonly opaque: string | undefined;
  readonly algorithm: string | undefined;
  /** `auth` when offered, undefined for RFC 2069 servers. */
  readonly qop: 'auth' | undefined;
  /** The nonce was good once: the same credentials may be tried again. */
  readonly stale: boolean;
}

/** Hashes by the algorithm's name (RFC 7616); MD5 when none is named, as PBXes do. */
const HASHES: Readonly<Record<string, string>> = { 'MD5': 'md5', 'SHA-256': 'sha256', 'SHA-512-256': 'sha512-256' };
const hashOf = (algorithm: string | undefined): string | undefined => HASHES[(algorithm ?? 'MD5').toUpperCase().replace(/-SESS$/, '')];
const isSession = (algorithm: string | undefined): boolean => /-sess$/i.test(algorithm ?? '');

/** The fields of a challenge or of its answer, names in lower case; undefined for another scheme. */
export function digestFields(value: string): ReadonlyMap<string, string> | undefined {
  if (!/^digest\s/i.test(value)) return undefined;
  const fields = new Map<string, string>();
  for (const match of value.slice(7).matchAll(/([\w-]+)\s*=\s*(?:"((?:[^"\\]|\\.)*)"|([^\s,]+))/g)) {
    fields.set(match[1]!.toLowerCase(), match[2]?.replaceAll(/\\(.)/g, '$1') ?? match[3] ?? '');
  }
  return fields;
}

function parseChallenge(value: string): DigestChallenge | undefined {
  const fields = digestFields(value);
  if (fields === undefined) return undefined;
  const realm = fields.get('realm');
  const nonce = fields.get('nonce');
  const algorithm = fields.get('algorithm');
  const offered = fields.get('qop')?.split(',').map((each) => each.trim().toLowerCase());
  if (realm === undefined || nonce === undefined || hashOf(algorithm) === undefined) return undefined;
  if (offered !== undefined && !offered.includes('auth')) return undefined;
  return { realm, nonce, opaque: fields.get('opaque'), algorithm, qop: offered === undefined ? undefined : 'auth', stale: fields.get('stale')?.toLowerCase() === 'true' };
}

/** The first challenge of a 401 or 407 that we can answer, with the name of the header that answers it. */
export function challengeOf(response: SipResponse): { readonly challenge: DigestChallenge; readonly answerHeader: string } | undefined {
  const proxy = response.status === 407;
  if (!proxy && response.status !== 401) return undefined;
  for (const value of headers(response, proxy ? 'Proxy-Authenticate' : 'WWW-Authenticate')) {
    const challenge = parseChallenge(value);
    if (challenge !== undefined) return { challenge, answerHeader: proxy ? 'Proxy-Authorization' : 'Authorization' };
  }
  return undefined;
}

/** The response field of RFC 7616, 3.4.1 (RFC 2617's and 2069's forms included), lower-case hex. */
export function digestResponse(
  challenge: DigestChallenge,
  credentials: Credentials,
  request: { readonly method: string; readonly uri: string; readonly cnonce: string; readonly count: number },
): string {
  const hash = (text: string): string => createHash(hashOf(challenge.algorithm) ?? 'md5').update(text).digest('hex');
  const { realm, nonce, qop } = challenge;
  const plain = hash(`${credentials.user}:${realm}:${credentials.password}`);
  const first = isSession(challenge.algorithm) ? hash(`${plain}:${nonce}:${request.cnonce}`) : plain;
  const second = hash(`${request.method}:${request.uri}`);
  return hash(qop === undefined ? `${first}:${nonce}:${second}` : `${first}:${nonce}:${countText(request.count)}:${request.cnonce}:${qop}:${second}`);
}

const countText = (count: number): string => count.toString(16).padStart(8, '0');
const quoted = (text: string): string => `"${text.replaceAll(/["\\]/g, '\\$&')}"`;

/** The header that answers a challenge. */
export function digestHeader(response: SipResponse, credentials: Credentials, method: string, uri: string): SipHeader | undefined {
  const found = challengeOf(response);
  if (found === undefined) return undefined;
  const { challenge, answerHeader } = found;
  const cnonce = randomBytes(8).toString('hex');
  const fields = [
    `username=${quoted(credentials.user)}`,
    `realm=${quoted(challenge.realm)}`,
    `nonce=${quoted(challenge.nonce)}`,
    `uri=${quoted(uri)}`,
    `response="${digestResponse(challenge, credentials, { method, uri, cnonce, count: 1 })}"`,
    ...(challenge.algorithm === undefined ? [] : [`algorithm=${challenge.algorithm}`]),
    ...(challenge.opaque === undefined ? [] : [`opaque=${quoted(challenge.opaque)}`]),
    ...(challenge.qop === undefined && !isSession(challenge.algorithm) ? [] : [`cnonce="${cnonce}"`]),
    ...(challenge.qop === undefined ? [] : [`qop=${challenge.qop}`, `nc=${countText(1)}`]),
  ];
  return [answerHeader, `Digest ${fields.join(', ')}`];
}

/** Seconds a registrar wants at least, from a 423. */
export const minExpiresOf = (response: SipResponse): number | undefined => {
  const value = Number(header(response, 'Min-Expires'));
  return response.status === 423 && Number.isInteger(value) && value > 0 ? value : undefined;
};
