import { timingSafeEqual } from 'node:crypto';
import { sha256, type Identity } from './identity.js';

/**
 * What a request's `signature` has to be: over its query without `signature` itself and the client's id and secret, by name, and the very bytes of the body.
 * Source: Grandstream's GDMS API guide.
 */
function signatureOf(query: URLSearchParams, body: string, { apiId, secretKey }: Pick<Identity, 'apiId' | 'secretKey'>): string {
  const signed = new Map([...query].filter(([name]) => name !== 'signature'));
  signed.set('client_id', apiId).set('client_secret', secretKey);
  const pairs = [...signed].toSorted(([one], [other]) => (one < other ? -1 : 1)).map(([name, value]) => `${name}=${value}`);
  return sha256(`&${pairs.join('&')}&${body === '' ? '' : `${sha256(body)}&`}`);
}

export function isSigned(query: URLSearchParams, body: string, identity: Identity): boolean {
  const [given, wanted] = [query.get('signature') ?? '', signatureOf(query, body, identity)];
  return given.length === wanted.length && timingSafeEqual(Buffer.from(given), Buffer.from(wanted));
}
