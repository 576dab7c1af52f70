import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { answerControl, bodyOf, FaultBoard, listen, type ControlRoutes, type ListenOptions } from '@troncal/simulator-program';
import { newIdentity, type Identity } from './accounts/account.js';
import { World } from './accounts/world.js';
import { applySettings, type Settings } from './control.js';
import { RestApi } from './rest-api.js';
import { SipPlane } from './sip/sip-plane.js';
import { paceSchema } from './traffic/pace.js';
import type { LoggedRequest } from './traffic/request-log.js';
import { use } from './usage/fire-triggers.js';
import { usageOf } from './voice/calls/call-usage.js';
import { VoiceControl } from './voice/voice-control.js';
import { VoicePlane } from './voice/voice-plane.js';
import { voiceRoutes } from './voice/voice-routes.js';
import { WebhookError } from './voice/webhooks/webhook-client.js';

export interface SimulatorOptions extends ListenOptions {
  /** The account that everything belongs to; made up unless told. */
  readonly account?: Partial<Identity>;
  readonly settings?: Settings;
  /** UDP ports: of the SIP domains, and of the trunk by which a SIP phone plays the telephone network. 0 (any free one) unless told. */
  readonly sip?: { readonly port?: number; readonly trunkPort?: number };
  /** Program and first arguments of espeak-ng; without it prompts are tones. */
  readonly espeak?: readonly string[];
}

/** A running simulator of Twilio. */
export interface TwilioSimulator {
  /** `http://host:port`. What goes to `https://api.twilio.com/…` is asked of it at `/api.twilio.com/…`: the host is the first part of the path. */
  readonly url: string;
  readonly accountSid: string;
  /** The first token, whichever it is by now. */
  readonly authToken: string;
  /** All it knows. */
  readonly world: World;
  /** Calls. */
  readonly voice: VoiceControl;
  /** What SIP phones talk to. */
  readonly sip: SipPlane;
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
  const plane = new VoicePlane(world, options.espeak);
  const voice = new VoiceControl(plane);
  world.callBack = (callback) => void plane.webhooks.ask({ callSid: '', ...callback }).catch((error: unknown) => plane.alerts.note(callback.account, error instanceof WebhookError ? error.code : 11200, String(error), { url: callback.url }));
  plane.calls.onRated = (call, price) => use(usageOf(call, price), world);
  world.alert = (account, code, text, about) => plane.alerts.note(account, code, text, about);
  const sip = await SipPlane.open(plane, { host: options.host ?? '127.0.0.1', port: options.sip?.port ?? 0, trunkPort: options.sip?.trunkPort ?? 0 });
  const api = new RestApi(targets, voiceRoutes(plane));
  const forget = (): void => {
    api.log.length = 0;
    targets.faults.replace([]);
    voice.forget();
  };
  const set = (settings: Settings): void => {
    applySettings(settings, targets, api);
    voice.set(settings.voice ?? {});
  };
  set(options.settings ?? {});

  const server = createServer((request, response) => {
    serve(request, response).catch(() => response.destroy());
  });
  const serve = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    if (await answerControl(request, response, routes)) return;
    const { pathname, searchParams } = new URL(request.url ?? '/', 'http://simulator');
    const body = (await bodyOf(request, MAX_BODY)).toString('utf8');
    const outcome = await api.answer({ method: request.method ?? 'GET', place: pathname.slice(1), query: searchParams, form: new URLSearchParams(body), authorization: request.headers.authorization, ip: request.socket.remoteAddress ?? '' });
    if (outcome.how === 'cut') request.socket.destroy();
    if (outcome.how !== 'answer') return;
    response.writeHead(outcome.status, outcome.headers).end(outcome.body);
  };
  const routes: ControlRoutes = {
    'GET /control/log': () => ({ requests: api.log, sip: sip.log.messages, sipAddress: sip.address, trunkAddress: sip.trunkAddress }),
    'POST /control/forget': forget,
    ...voice.routes,
    ...sip.routes,
    'POST /control': (body) => set(JSON.parse(body) as Settings),
  };

  const { at, close } = await listen(server, options);
  return {
    url: `http://${at}`,
    accountSid: world.main.sid,
    get authToken() {
      return world.main.identity.authToken;
    },
    world,
    voice,
    sip,
    set,
    requests: () => api.log,
    forget,
    close: async () => {
      await plane.close();
      await sip.close();
      await close();
    },
  };
}
