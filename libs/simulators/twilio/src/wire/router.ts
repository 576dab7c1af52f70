import type { Account } from '../accounts/account.js';
import type { World } from '../accounts/world.js';
import { notFound, wrongMethod } from './twilio-error.js';

/** A request that was let in. `path` is what came after the host, without the query. */
export interface Asked {
  readonly world: World;
  /** `api.twilio.com` */
  readonly host: string;
  /** Whose things are asked for. */
  readonly account: Account;
  /** Whose credentials were given: that account's, or its parent's. */
  readonly acting: Account;
  readonly params: Readonly<Record<string, string>>;
  readonly path: string;
  readonly query: URLSearchParams;
  readonly form: URLSearchParams;
}

export interface Answer {
  readonly status: number;
  readonly body?: unknown;
  /** In place of a body: what isn't JSON. */
  readonly file?: { readonly type: string; readonly bytes: Uint8Array };
}

export type Handler = (asked: Asked) => Answer;
export interface Route {
  readonly method: 'GET' | 'POST' | 'DELETE';
  /** `api.twilio.com/2010-04-01/Accounts/{AccountSid}/SIP/Domains.json` */
  readonly template: string;
  readonly handle: Handler;
}

export const ok = (body: unknown): Answer => ({ status: 200, body });
export const created = (body: unknown): Answer => ({ status: 201, body });
export const gone = (): Answer => ({ status: 204 });

/** The place of an account's things in the API of 2010. */
export const ACCOUNT = 'api.twilio.com/2010-04-01/Accounts/{AccountSid}';

interface Compiled {
  readonly route: Route;
  readonly pattern: RegExp;
}

/** Finds the handler of a request by host and path. */
export class Router {
  private readonly compiled: readonly Compiled[];

  constructor(routes: readonly Route[]) {
    this.compiled = routes.map((route) => ({ route, pattern: new RegExp(`^${route.template.replaceAll('.', '\\.').replace(/\{(\w+)\}/g, '(?<$1>[^/]+)')}$`) }));
  }

  /** @throws TwilioError 404 for a path that nobody has, 405 for a method that isn't of it */
  find(method: string, place: string): { readonly handle: Handler; readonly params: Readonly<Record<string, string>> } {
    const here = this.compiled.flatMap(({ route, pattern }) => {
      const found = pattern.exec(place);
      return found === null ? [] : [{ route, params: Object.fromEntries(Object.entries(found.groups ?? {}).map(([name, value]) => [name, decodeURIComponent(value)])) }];
    });
    const first = here.find(({ route }) => route.method === method);
    if (first !== undefined) return { handle: first.route.handle, params: first.params };
    throw here.length > 0 ? wrongMethod() : notFound(place.slice(place.indexOf('/')));
  }
}
