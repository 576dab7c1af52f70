import { timingSafeEqual } from 'node:crypto';
import type { FaultBoard } from '@troncal/simulator-program';
import type { Account } from './accounts/account.js';
import type { World } from './accounts/world.js';
import type { Actor } from './monitor/audit.js';
import { ROUTES } from './routes.js';
import { durationOf, type Pace } from './traffic/pace.js';
import { withoutSecrets, type LoggedRequest } from './traffic/request-log.js';
import { Router, type Answer, type Route } from './wire/router.js';
import { newSid } from './wire/sid.js';
import { notAuthenticated, notFound, tooManyAtOnce, TwilioError } from './wire/twilio-error.js';

export interface RestRequest {
  readonly method: string;
  /** Host and path: `api.twilio.com/2010-04-01/Accounts.json`. */
  readonly place: string;
  readonly query: URLSearchParams;
  readonly form: URLSearchParams;
  /** The header Authorization. */
  readonly authorization: string | undefined;
  /** Whence it came. */
  readonly ip: string;
}

/** What it works on, and under which circumstances. */
export interface Conditions {
  readonly world: World;
  readonly faults: FaultBoard;
  pace: Pace;
}

/** What goes back over the wire, or that the connection ends or nothing comes. */
export type Outcome = { readonly how: 'answer'; readonly status: number; readonly body: string | Uint8Array | undefined; readonly headers: Readonly<Record<string, string>> } | { readonly how: 'cut' } | { readonly how: 'hang' };

/** Twilio's REST API over a {@link World}: authentication, the limit of requests at once, faults, latency, and one log of all that came. */
export class RestApi {
  readonly log: LoggedRequest[] = [];
  private readonly router: Router;
  private readonly atOnce = new Map<Account, number>();

  /** @param more routes besides those of what accounts have */
  constructor(
    private readonly conditions: Conditions,
    more: readonly Route[] = [],
  ) {
    this.router = new Router([...ROUTES, ...more]);
  }

  async answer(request: RestRequest): Promise<Outcome> {
    const { world, pace, faults } = this.conditions;
    const acting = actingAccount(world, request.authorization);
    const counted = acting?.parent ?? acting ?? world.main;
    const atOnce = (this.atOnce.get(counted) ?? 0) + 1;
    this.atOnce.set(counted, atOnce);
    const began = performance.now();
    const entry: LoggedRequest = {
      at: new Date().toISOString(), account: acting?.sid ?? '', method: request.method, place: request.place, parameters: withoutSecrets(request.method === 'GET' ? request.query : request.form), status: 0, tookMs: 0, atOnce,
    };
    this.log.push(entry);
    try {
      if (acting === undefined) return answered(entry, refused(notAuthenticated()), atOnce, began);
      if (atOnce > pace.atOnce) return answered(entry, refused(tooManyAtOnce()), atOnce, began);
      const actor: Actor = { sid: acting.sid, type: 'account', source: 'api', ip: request.ip };
      const struck = await faults.perform(request, durationOf(pace, request.method, request.place), () => this.perform(request, acting, actor));
      if (struck.how === 'refused') return answered(entry, refused(new TwilioError(struck.status, struck.code ?? 20500, 'SIMULATED refusal')), atOnce, began);
      return struck.how === 'answered' ? answered(entry, struck.answer, atOnce, began, struck.instead) : struck;
    } finally {
      this.atOnce.set(counted, (this.atOnce.get(counted) ?? 1) - 1);
    }
  }

  /** Does what was asked, at once. @param acting whose rights count @param actor who it was, for the audit log */
  perform({ method, place, query, form }: Pick<RestRequest, 'method' | 'place' | 'query' | 'form'>, acting: Account, actor: Actor): Answer {
    try {
      const { handle, params } = this.router.find(method, place);
      const [host, path] = [place.slice(0, place.indexOf('/')), place.slice(place.indexOf('/'))];
      const { world } = this.conditions;
      const account = targetAccount(world, acting, params['AccountSid'], method, path);
      return world.audit.as(actor, () => handle({ world, account, acting, host, params, path, query, form }));
    } catch (error) {
      if (error instanceof TwilioError) return refused(error);
      throw error;
    }
  }
}

const refused = (error: TwilioError): Answer => ({ status: error.status, body: error.body });

function answered(entry: LoggedRequest, { status, body, file }: Answer, atOnce: number, began: number, instead?: string): Outcome {
  entry.status = status;
  entry.tookMs = performance.now() - began;
  const code = (body as { readonly code?: unknown } | undefined)?.code;
  if (status >= 400 && typeof code === 'number') entry.code = code;
  return {
    how: 'answer',
    status,
    body: instead ?? file?.bytes ?? (body === undefined ? undefined : JSON.stringify(body)),
    headers: {
      'content-type': file?.type ?? 'application/json',
      'twilio-request-id': newSid('RQ'),
      'twilio-concurrent-requests': String(atOnce),
      'twilio-request-duration': ((performance.now() - began) / 1_000).toFixed(3),
    },
  };
}

function actingAccount(world: World, authorization: string | undefined): Account | undefined {
  const [kind, encoded] = (authorization ?? '').split(' ');
  if (kind?.toLowerCase() !== 'basic' || encoded === undefined) return undefined;
  const [user = '', secret = ''] = Buffer.from(encoded, 'base64').toString('utf8').split(':');
  const account = world.account(user);
  if (account === undefined) return undefined;
  return isSame(secret, account.identity.authToken) || isSame(secret, account.secondaryToken ?? '') ? account : undefined;
}

const isSame = (one: string, other: string): boolean => one !== '' && one.length === other.length && timingSafeEqual(Buffer.from(one), Buffer.from(other));

/** The account in the path: the acting one, or one under it. @throws TwilioError 404, 403 */
function targetAccount(world: World, acting: Account, sid: string | undefined, method: string, path: string): Account {
  if (sid === undefined || sid === acting.sid) return usable(acting, method);
  const target = world.account(sid);
  if (target?.parent !== acting) throw notFound(path);
  return path.endsWith(`/Accounts/${sid}.json`) ? target : usable(target, method);
}

function usable(account: Account, method: string): Account {
  if (!account.isActive && method !== 'GET') throw new TwilioError(403, 20005, 'Account not active');
  return account;
}
