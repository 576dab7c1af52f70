import { randomUUID } from 'node:crypto';
import { passwordDigest, type Identity } from './identity.js';

/** What the token endpoint answers, as OAuth 2.0 has it (RFC 6749). */
export interface TokenAnswer {
  readonly status: number;
  readonly body: object;
}

/** Access tokens and what renews them. */
export class Tokens {
  private readonly access = new Map<string, number>();
  private readonly refresh = new Set<string>();
  /** Grants asked for so far, refused ones included. */
  readonly asked: string[] = [];

  /** Seconds that an access token is good for; GDMS's are said to last an hour. */
  lifetimeS = 3_600;

  constructor(private readonly identity: Identity) {}

  grant(form: URLSearchParams): TokenAnswer {
    const kind = form.get('grant_type') ?? '';
    this.asked.push(kind);
    const { apiId, secretKey, username, password } = this.identity;
    if (form.get('client_id') !== apiId || form.get('client_secret') !== secretKey) return refusal(401, 'invalid_client', 'Bad client credentials');
    if (kind === 'password') {
      if (form.get('username') !== username || form.get('password') !== passwordDigest(password)) return refusal(400, 'invalid_grant', 'Bad credentials');
      return this.issue();
    }
    if (kind !== 'refresh_token') return refusal(400, 'unsupported_grant_type', `Unsupported grant type: ${kind}`);
    // Good for once.
    return this.refresh.delete(form.get('refresh_token') ?? '') ? this.issue() : refusal(400, 'invalid_grant', 'Invalid refresh token');
  }

  isGood(token: string): boolean {
    return (this.access.get(token) ?? 0) > performance.now();
  }

  /** As after an hour: nobody's token is good any more. */
  expireAll(also: { readonly refresh: boolean }): void {
    this.access.clear();
    if (also.refresh) this.refresh.clear();
  }

  private issue(): TokenAnswer {
    const [access, refresh] = [randomUUID(), randomUUID()];
    this.access.set(access, performance.now() + this.lifetimeS * 1_000);
    this.refresh.add(refresh);
    return { status: 200, body: { access_token: access, token_type: 'bearer', refresh_token: refresh, expires_in: this.lifetimeS, scope: 'all' } };
  }
}

const refusal = (status: number, error: string, description: string): TokenAnswer => ({ status, body: { error, error_description: description } });
