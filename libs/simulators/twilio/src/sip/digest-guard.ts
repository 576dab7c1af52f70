import { createHash, randomBytes, timingSafeEqual } from 'node:crypto';
import { digestFields, digestResponse, headers, type ServerTransaction, type SipHeader, type SipRequest } from '@troncal/sip-phone';

export const REALM = 'sip.twilio.com';

/** Who a request is from. `absent`: it carries no answer to a challenge. `stale`: it answers one that is too old. */
export type Identified =
  | { readonly who: 'user'; readonly username: string }
  | { readonly who: 'absent' }
  | { readonly who: 'stale' }
  | { readonly who: 'refused'; readonly username: string; readonly reason: string };

const NONCE_MS = 5 * 60_000;

/** Digest authentication by MD5 (RFC 2617) in Twilio's realm. */
export class DigestGuard {
  private readonly nonces = new Map<string, number>();

  private challenge(stale: boolean): SipHeader {
    const nonce = randomBytes(16).toString('hex');
    const now = Date.now();
    for (const [each, at] of this.nonces) if (now - at > NONCE_MS) this.nonces.delete(each);
    this.nonces.set(nonce, now);
    const opaque = createHash('md5').update(nonce).digest('hex');
    return ['Proxy-Authenticate', `Digest realm="${REALM}",qop="auth",nonce="${nonce}",opaque="${opaque}",algorithm=MD5${stale ? ',stale=true' : ''}`];
  }

  /** Asks who it is: again when its answer was to a challenge that is too old. */
  ask(transaction: ServerTransaction, { who }: Identified): void {
    transaction.respond(407, { headers: [this.challenge(who === 'stale')] });
  }

  /** @param passwordOf the password of a user; undefined when there is no such user */
  identify(request: SipRequest, passwordOf: (username: string) => string | undefined): Identified {
    const value = [...headers(request, 'Proxy-Authorization'), ...headers(request, 'Authorization')].find((each) => digestFields(each)?.get('realm') === REALM);
    const fields = value === undefined ? undefined : digestFields(value);
    if (fields === undefined) return { who: 'absent' };
    const of = (name: string): string => fields.get(name) ?? '';
    const madeAt = this.nonces.get(of('nonce'));
    if (madeAt === undefined || Date.now() - madeAt > NONCE_MS) return { who: 'stale' };
    const username = of('username');
    const password = passwordOf(username);
    if (password === undefined) return { who: 'refused', username, reason: `${username} is in no credential list of the domain` };
    const qop = fields.has('qop') ? ('auth' as const) : undefined;
    const expected = digestResponse(
      { realm: REALM, nonce: of('nonce'), opaque: undefined, algorithm: 'MD5', qop, stale: false },
      { user: username, password },
      { method: request.method, uri: of('uri'), cnonce: of('cnonce'), count: Number.parseInt(of('nc') || '0', 16) },
    );
    return isSame(expected, of('response').toLowerCase()) ? { who: 'user', username } : { who: 'refused', username, reason: `wrong password of ${username}` };
  }
}

const isSame = (one: string, other: string): boolean => one.length === other.length && timingSafeEqual(Buffer.from(one), Buffer.from(other));
