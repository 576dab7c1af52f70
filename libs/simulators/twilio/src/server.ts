import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { newIdentity, type Identity } from './accounts/account.js';
import { World } from './accounts/world.js';
import { applySettings, type Settings } from './control.js';
import { RestApi } from './rest-api.js';
import { FaultBoard } from './traffic/faults.js';
import { paceSchema } from './traffic/pace.js';
import type { LoggedRequest } from './traffic/request-log.js';

export interface SimulatorOptions {
  /** 0 (any free one) unless told. */
  readonly port?: number;
  /** 127.0.0.1 unless told. */
  readonly host?: string;
  /** The account that everything belongs to; made up unless told. */
  readonly account?: Partial<Identity>;
  readonly settings?: Settings;
}

/** A running simulator of Twilio. */
export interface TwilioSimulator {
  /** `http://host:port`. What goes to `https://api.twilio.com/…` is asked of it at `/api.twilio.com/…`: the host is the first part of the path. */
  readonly url: string;
  readonly accountSid: string;
  readonly authToken: string;
  /** All it knows. */
  readonly world: World;
  /** As `POST /control` with this JSON. @throws ZodError that names every fault */
  set(settings: Settings): void;
  /** What came, oldest first: as `GET /control/log`. */
  requests(): readonly LoggedRequest[];
  /** Forgets the log and the faults; what was made stays. */
  forget(): void;
  close(): Promise<void>;
}

const MAX_BODY = 1024 * 1024;

/** Starts a simulator of Twilio's REST API. It is labelled SIMULATED in all that a person reads of it. */
export async function startTwilioSimulator(options: SimulatorOptions = {}): Promise<TwilioSimulator> {
  const world = new World({ ...newIdentity('SIMULATED account'), ...options.account });
  const targets = { world, faults: new FaultBoard(), pace: paceSchema.parse({}) };
  const api = new RestApi(targets);
  const forget = (): void => {
    api.log.length = 0;
    targets.faults.clear();
  };
  const set = (settings: Settings): void => applySettings(settings, targets);
  set(options.settings ?? {});

  const server = createServer((request, response) => {
    serve(request, response).catch(() => response.destroy());
  });
  const serve = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const { pathname, searchParams } = new URL(request.url ?? '/', 'http://simulator');
    const body = await bodyOf(request);
    if (pathname === '/health' || pathname.startsWith('/control')) return control(`${request.method} ${pathname}`, body, response);
    const outcome = await api.answer({ method: request.method ?? 'GET', place: pathname.slice(1), query: searchParams, form: new URLSearchParams(body), authorization: request.headers.authorization });
    if (outcome.how === 'cut') request.socket.destroy();
    if (outcome.how !== 'answer') return;
    response.writeHead(outcome.status, outcome.headers).end(outcome.body);
  };
  const control = (route: string, body: string, response: ServerResponse): void => {
    if (route === 'GET /health') return json(response, 200, { simulated: true });
    if (route === 'GET /control/log') return json(response, 200, { simulated: true, requests: api.log });
    if (route === 'POST /control/forget') {
      forget();
      return json(response, 200, { simulated: true });
    }
    if (route !== 'POST /control') return json(response, 404, { message: `There is no ${route}: POST /control, GET /control/log, POST /control/forget.` });
    try {
      set(JSON.parse(body) as Settings);
      json(response, 200, { simulated: true });
    } catch (error) {
      json(response, 400, { message: (error as Error).message });
    }
  };

  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(options.port ?? 0, options.host ?? '127.0.0.1', resolve);
  });
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://${options.host ?? '127.0.0.1'}:${port}`,
    accountSid: world.main.sid,
    authToken: world.main.identity.authToken,
    world,
    set,
    requests: () => api.log,
    forget,
    close: async () => {
      const closed = new Promise<void>((resolve) => server.close(() => resolve()));
      server.closeAllConnections();
      await closed;
    },
  };
}

async function bodyOf(request: IncomingMessage): Promise<string> {
  const parts: Buffer[] = [];
  let size = 0;
  for await (const part of request as AsyncIterable<Buffer>) {
    size += part.length;
    if (size > MAX_BODY) throw new Error(`A request is at most ${MAX_BODY} bytes`);
    parts.push(part);
  }
  return Buffer.concat(parts).toString('utf8');
}

function json(response: ServerResponse, status: number, body: unknown): void {
  response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));
}
