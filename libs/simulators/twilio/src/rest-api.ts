import { setTimeout as sleep } from 'node:timers/promises';
import { timingSafeEqual } from 'node:crypto';
import type { Account } from './accounts/account.js';
import { accountRoutes } from './accounts/accounts.resource.js';
import type { World } from './accounts/world.js';
import type { ControlTargets } from './control.js';
import { credentialRoutes } from './credential-lists/credentials.resource.js';
import { listRoutes } from './credential-lists/credential-lists.resource.js';
import { availableNumberRoutes } from './phone-numbers/available-numbers.resource.js';
import { incomingNumberRoutes } from './phone-numbers/incoming-numbers.resource.js';
import { mappingRoutes } from './sip-domains/mappings.resource.js';
import { domainRoutes } from './sip-domains/sip-domains.resource.js';
import type { Fault } from './traffic/faults.js';
import { durationOf } from './traffic/pace.js';
import { withoutSecrets, type LoggedRequest } from './traffic/request-log.js';
import { Router, type Answer } from './wire/router.js';
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
}

/** What goes back over the wire, or that the connection ends or nothing comes. */
export type Outcome = { readonly how: 'answer'; readonly status: number; readonly body: string | undefined; readonly headers: Readonly<Record<string, string>> } | { readonly how: 'cut' } | { readonly how: 'hang' };

/** Twilio's REST API over a {@link World}: authentication, the limit of requests at once, faults, latency, and one log of all that came. */
export class RestApi {
  readonly log: LoggedRequest[] = [];
  private readonly router = new Router([...accountRoutes, ...domainRoutes, ...mappingRoutes, ...listRoutes, ...credentialRoutes, ...incomingNumberRoutes, ...availableNumberRoutes]);
  private readonly atOnce = new Map<Account, number>();

  constructor(private readonly targets: ControlTargets) {}

  async answer(request: RestRequest): Promise<Outcome> {
    const { world, pace, faults } = this.targets;
    const acting = actingAccount(world, request.authorization);
    const counted = acting?.parent ?? acting ?? world.main;
    const atOnce = (this.atOnce.get(counted) ?? 0) + 1;
    this.atOnce.set(counted, atOnce);
    const began = performance.now();
    const entry: LoggedRequest = {
      at: new Date().toISOString(), account: acting?.sid ?? '', method: request.method, place: request.place, parameters: withoutSecrets(request.method === 'GET' ? request.query : request.form), status: 0, atOnce,
    };
    this.log.push(entry);
    try {
      if (acting === undefined) return answered(entry, refused(notAuthenticated()), atOnce, began);
      if (atOnce > pace.atOnce) return answered(entry, refused(tooManyAtOnce()), atOnce, began);
      const fault = faults.strike(request.method, request.place);
      const tookMs = durationOf(pace, request.method, request.place);
      // What it does it does half-way: who gives up or dies while waiting can't know whether it was done.
      await sleep(tookMs / 2 + (fault?.what === 'slow' ? fault.ms : 0));
      const early = before(fault);
      if (early !== undefined) return early.how === 'answer' ? answered(entry, early.answer, atOnce, began) : early;
      const answer = this.perform(request, acting);
      await sleep(tookMs / 2);
      return after(fault) ?? answered(entry, answer, atOnce, began, fault?.what === 'wrong-shape' ? fault.body : undefined);
    } finally {
      this.atOnce.set(counted, (this.atOnce.get(counted) ?? 1) - 1);
    }
  }

  private perform({ method, place, query, form }: RestRequest, acting: Account): Answer {
    try {
      const { handle, params } = this.router.find(method, place);
      const path = place.slice(place.indexOf('/'));
      const { world } = this.targets;
      return handle({ world, account: targetAccount(world, acting, params['AccountSid'], method, path), params, path, query, form });
    } catch (error) {
      if (error instanceof TwilioError) return refused(error);
      throw error;
    }
  }
}

const refused = (error: TwilioError): Answer => ({ status: error.status, body: error.body });

function answered(entry: LoggedRequest, { status, body }: Answer, atOnce: number, began: number, instead?: string): Outcome {
  entry.status = status;
  const code = (body as { readonly code?: unknown } | undefined)?.code;
  if (status >= 400 && typeof code === 'number') entry.code = code;
  return {
    how: 'answer',
    status,
    body: instead ?? (body === undefined ? undefined : JSON.stringify(body)),
    headers: {
      'content-type': 'application/json',
      'twilio-request-id': newSid('RQ'),
      'twilio-concurrent-requests': String(atOnce),
      'twilio-request-duration': ((performance.now() - began) / 1_000).toFixed(3),
    },
  };
}

function before(fault: Fault['does'] | undefined): { readonly how: 'cut' } | { readonly how: 'answer'; readonly answer: Answer } | undefined {
  if (fault?.what === 'cut-before') return { how: 'cut' };
  if (fault?.what === 'refuse') return { how: 'answer', answer: refused(new TwilioError(fault.status, fault.code, 'SIMULATED refusal')) };
  return undefined;
}

function after(fault: Fault['does'] | undefined): Outcome | undefined {
  if (fault?.what === 'cut-after') return { how: 'cut' };
  if (fault?.what === 'hang-after') return { how: 'hang' };
  return undefined;
}

function actingAccount(world: World, authorization: string | undefined): Account | undefined {
  const [kind, encoded] = (authorization ?? '').split(' ');
  if (kind?.toLowerCase() !== 'basic' || encoded === undefined) return undefined;
  const [user = '', secret = ''] = Buffer.from(encoded, 'base64').toString('utf8').split(':');
  const account = world.account(user);
  return account !== undefined && isSame(secret, account.identity.authToken) ? account : undefined;
}

const isSame = (one: string, other: string): boolean => one.length === other.length && timingSafeEqual(Buffer.from(one), Buffer.from(other));

/** The account in the path: the acting one, or one under it. @throws TwilioError 404, 403 */
function targetAccount(world: World, acting: Account, sid: string | undefined, method: string, path: string): Account {
  if (sid === undefined || sid === acting.sid) return usable(acting, method);
  const target = world.account(sid);
  if (target?.parent !== acting) throw notFound(path);
  return path.endsWith(`/Accounts/${sid}.json`) ? target : usable(target, method);
}

function usable(account: Account, method: string): Account {
  if (account.status !== 'active' && method !== 'GET') throw new TwilioError(403, 20005, 'Account not active');
  return account;
}
