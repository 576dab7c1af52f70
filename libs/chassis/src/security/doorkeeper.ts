import type { IncomingHttpHeaders } from 'node:http';
import { isIP } from 'node:net';
import type { Problem } from '@troncal/contracts';
import { oneOf } from '../http/paths.js';
import { problem } from '../http/problem.js';
import type { ApiKeys, Caller } from './api-keys.js';

/** What the doorkeeper looks at. */
export interface Visitor {
  readonly method: string;
  /** Path without the query. */
  readonly path: string;
  readonly headers: IncomingHttpHeaders;
  readonly remoteAddress: string | undefined;
}

export type Verdict = { readonly pass: true; readonly caller?: Caller } | { readonly pass: false; readonly problem: Problem };

const OPEN = new Set(['/health/live', '/health/ready']);

/**
 * Decides who gets in, before the body is read. Nothing answers without a key but the health checks, the service's public paths, and
 * /metrics from the loopback address. Browsers of foreign origins are refused whatever key they have, but for the public paths: those check who
 * asks in their own way, and a form of a page of theirs comes with our public origin, or with `null` when the page gives no referrer away.
 */
export class Doorkeeper {
  private readonly origins: ReadonlySet<string>;
  private readonly isPublic: (path: string) => boolean;

  /** @param publicPaths exact paths, or prefixes ending in `/*` that check who asks in their own way (a webhook's signature) */
  constructor(
    private readonly keys: ApiKeys,
    origins: readonly string[],
    publicPaths: readonly string[],
  ) {
    this.origins = new Set(origins);
    this.isPublic = oneOf(publicPaths);
  }

  async judge(visitor: Visitor): Promise<Verdict> {
    if (this.isPublic(visitor.path)) return { pass: true };
    const origin = visitor.headers.origin;
    if (origin !== undefined && !this.origins.has(origin)) {
      return { pass: false, problem: problem(403, 'foreign_origin', `Requests from pages of ${origin} are not allowed. Add the origin to ALLOWED_ORIGINS if they should be.`) };
    }
    if (OPEN.has(visitor.path)) return { pass: true };
    if (visitor.path === '/metrics' && isLoopback(visitor.remoteAddress)) return { pass: true };
    const presented = presentedKey(visitor.headers);
    if (presented === undefined) return { pass: false, problem: problem(401, 'no_api_key', 'An API key is needed: Authorization: Bearer <key>, or X-Api-Key: <key>.') };
    const caller = await this.keys.find(presented);
    return caller ? { pass: true, caller } : { pass: false, problem: problem(401, 'wrong_api_key', 'This API key is not known here.') };
  }

  /** True for an origin whose pages may read our answers. */
  allows(origin: string): boolean {
    return this.origins.has(origin);
  }
}

function presentedKey(headers: IncomingHttpHeaders): string | undefined {
  const [, bearer] = /^Bearer +(\S+)$/i.exec(headers.authorization ?? '') ?? [];
  const plain = headers['x-api-key'];
  return bearer ?? (typeof plain === 'string' && plain !== '' ? plain : undefined);
}

/** True for 127.0.0.0/8, ::1 and their mapped forms. */
export function isLoopback(address: string | undefined): boolean {
  const plain = (address ?? '').replace(/^::ffff:/i, '');
  return plain === '::1' || (isIP(plain) === 4 && plain.startsWith('127.'));
}
