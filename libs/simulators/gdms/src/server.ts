import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { answerControl, bodyOf, FaultBoard, json, listen, type ControlRoutes, type ListenOptions } from '@troncal/simulator-program';
import { perform, refused, type Envelope } from './api.js';
import { paceSchema, settingsSchema, type Settings } from './control.js';
import { newIdentity, type Identity } from './identity.js';
import { isSigned } from './signature.js';
import { Tokens } from './tokens.js';
import { World } from './world.js';

export interface SimulatorOptions extends ListenOptions {
  /** Made up unless told. */
  readonly identity?: Partial<Identity>;
  readonly settings?: Settings;
}

/** A request as it came, without what is secret. */
export interface LoggedRequest {
  readonly method: string;
  /** Path below the version, or `oauth/token`. */
  readonly place: string;
  readonly body: unknown;
  /** 0 when it got no answer. */
  status: number;
}

/** A running simulator of Grandstream's GDMS. */
export interface GdmsSimulator {
  /** `http://host:port`, in place of `https://www.gdms.cloud`. */
  readonly url: string;
  readonly identity: Identity;
  readonly world: World;
  /** Grants asked of the token endpoint so far. */
  readonly grants: readonly string[];
  /** As `POST /control` with this JSON. @throws ZodError that names every fault */
  set(settings: Settings): void;
  /** What came, oldest first: as `GET /control/log`. */
  requests(): readonly LoggedRequest[];
  /** Forgets the log and the faults; what was made stays. */
  forget(): void;
  close(): Promise<void>;
}

const MAX_BODY = 1024 * 1024;
const VERSION = /^\/oapi\/v1\.0\.0\/(.+)$/;
const TOKEN = '/oapi/oauth/token';
/** How far the clocks of both may be apart; an inference. */
const MAX_SKEW_MS = 5 * 60_000;

type Outcome = { readonly status: number; readonly body: object | string } | 'cut' | 'hang';

/** Starts a simulator of GDMS's API. It is labelled SIMULATED in all that a person reads of it. */
export async function startGdmsSimulator(options: SimulatorOptions = {}): Promise<GdmsSimulator> {
  const identity: Identity = { ...newIdentity(), ...options.identity };
  const world = new World();
  const faults = new FaultBoard();
  const log: LoggedRequest[] = [];
  const conditions = { pace: paceSchema.parse({}), refusesTokenBy: 'status' as 'status' | 'envelope', underWay: 0, came: [] as number[] };
  const tokens = new Tokens(identity);

  const set = (wish: Settings): void => {
    const { faults: wrong, pace, devices, removed, isPluggedIn, tokenSeconds, expired, refusesTokenBy } = settingsSchema.parse(wish);
    if (wrong !== undefined) faults.replace(wrong);
    if (pace !== undefined) conditions.pace = pace;
    for (const device of devices ?? []) world.put(device);
    for (const mac of removed ?? []) world.remove(mac);
    if (isPluggedIn !== undefined) world.isPluggedIn = isPluggedIn;
    if (tokenSeconds !== undefined) tokens.lifetimeS = tokenSeconds;
    if (expired !== undefined) tokens.expireAll({ refresh: expired === 'all' });
    if (refusesTokenBy !== undefined) conditions.refusesTokenBy = refusesTokenBy;
  };
  const forget = (): void => {
    log.length = 0;
    tokens.asked.length = 0;
    faults.replace([]);
  };

  /** Counts this request among those of its second. */
  const isTooMany = (): boolean => {
    const now = performance.now();
    conditions.came = [...conditions.came.filter((at) => at > now - 1_000), now];
    return conditions.underWay > conditions.pace.atOnce || conditions.came.length > conditions.pace.perSecond;
  };
  const judged = (method: string, place: string, query: URLSearchParams, body: string): Outcome => {
    if (!tokens.isGood(query.get('access_token') ?? '')) {
      return conditions.refusesTokenBy === 'status'
        ? { status: 401, body: { error: 'invalid_token', error_description: 'SIMULATED: the access token is invalid or expired' } }
        : ok(refused(40004, 'access_token is invalid or expired'));
    }
    if (!query.has('signature')) return ok(refused(40001, 'signature not exists'));
    if (!isSigned(query, body, identity)) return ok(refused(40002, 'signature error'));
    if (Math.abs(Date.now() - Number(query.get('timestamp'))) > MAX_SKEW_MS) return ok(refused(40003, 'timestamp error'));
    return ok(perform(method, place, body, world));
  };
  const answer = async (method: string, path: string, query: URLSearchParams, body: string): Promise<Outcome> => {
    const place = path === TOKEN ? 'oauth/token' : VERSION.exec(path)?.[1];
    if (place === undefined) return { status: 404, body: { message: `SIMULATED: there is no ${path}` } };
    const entry: LoggedRequest = { method, place, body: place === 'oauth/token' ? '[secret]' : readable(body), status: 0 };
    log.push(entry);
    const outcome = await underConditions(method, place, () => (place === 'oauth/token' ? tokens.grant(body === '' ? query : new URLSearchParams(body)) : judged(method, place, query, body)));
    if (typeof outcome === 'object') entry.status = outcome.status;
    return outcome;
  };
  const underConditions = async (method: string, place: string, work: () => Outcome): Promise<Outcome> => {
    conditions.underWay += 1;
    try {
      if (isTooMany()) return { status: 429, body: { message: 'SIMULATED: too many requests' } };
      const struck = await faults.perform({ method, place }, conditions.pace.latencyMs, work);
      if (struck.how === 'refused') return { status: struck.status, body: { retCode: struck.code ?? -1, msg: 'SIMULATED refusal' } };
      if (struck.how !== 'answered') return struck.how;
      return struck.instead === undefined ? struck.answer : { status: 200, body: struck.instead };
    } finally {
      conditions.underWay -= 1;
    }
  };

  const serve = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    if (await answerControl(request, response, routes)) return;
    const { pathname, searchParams } = new URL(request.url ?? '/', 'http://simulator');
    const outcome = await answer(request.method ?? 'GET', pathname, searchParams, (await bodyOf(request, MAX_BODY)).toString('utf8'));
    if (outcome === 'cut') request.socket.destroy();
    if (typeof outcome !== 'object') return;
    if (typeof outcome.body === 'string') response.writeHead(outcome.status).end(outcome.body);
    else json(response, outcome.status, outcome.body);
  };
  const routes: ControlRoutes = {
    'GET /control/log': () => ({ requests: log, grants: tokens.asked }),
    'GET /control/devices': () => ({ devices: world.all() }),
    'POST /control/forget': forget,
    'POST /control': (body) => set(JSON.parse(body) as Settings),
  };
  const server = createServer((request, response) => {
    serve(request, response).catch(() => response.destroy());
  });
  set(options.settings ?? {});

  const { at, close } = await listen(server, options);
  return { url: `http://${at}`, identity, world, grants: tokens.asked, set, requests: () => log, forget, close };
}

const ok = (envelope: Envelope): Outcome => ({ status: 200, body: envelope });

function readable(body: string): unknown {
  try {
    return body === '' ? null : (JSON.parse(body) as unknown);
  } catch {
    return body;
  }
}
