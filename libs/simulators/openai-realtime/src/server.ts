import { createServer, type IncomingMessage } from 'node:http';
import type { Duplex } from 'node:stream';
import { answerControl, json, listen, type ListenOptions } from '@troncal/simulator-program';
import { WebSocketServer, type WebSocket } from 'ws';
import { behave, controlRoutes, reset } from './control.js';
import { FaultBoard, readBehaviour, type Behaviour } from './faults.js';
import { logEvent, SessionLog, type LoggedSession } from './session-log.js';
import { RealtimeSession } from './session.js';
import { SimulatedVoice } from './voice.js';
import { makeId, type ServerEvent, type Wire } from './wire.js';

export interface SimulatorOptions extends ListenOptions {
  /** espeak-ng as program and first arguments; without it the voice is a tone. */
  readonly espeak?: readonly string[];
}

/** A running simulator. */
export interface OpenAiRealtimeSimulator {
  /** `ws://host:port/v1/realtime`, for OPENAI_REALTIME_URL. */
  readonly url: string;
  /** `http://host:port`, for /control. */
  readonly controlUrl: string;
  readonly port: number;
  /** What new and live sessions are told, as `POST /control/faults`. */
  setFaults(behaviour: Behaviour): void;
  /** What `GET /control/log` shows. */
  sessions(): readonly LoggedSession[];
  reset(): void;
  /** Drops the TCP connection of every live session, or of those chosen, without a goodbye. */
  drop(chosen?: (session: LoggedSession) => boolean): void;
  /** Ends all sessions and frees the port. */
  close(): Promise<void>;
}

const MAX_MESSAGE = 16 * 1024 * 1024;

/** Starts a simulator of the OpenAI Realtime GA service (WebSocket at /v1/realtime, control over HTTP on the same port). */
export async function startOpenAiRealtimeSimulator(options: SimulatorOptions = {}): Promise<OpenAiRealtimeSimulator> {
  const faults = new FaultBoard();
  const log = new SessionLog();
  const peers = new Map<WebSocket, LoggedSession>();
  const live = new Set<RealtimeSession>();
  const voice = new SimulatedVoice(options.espeak);
  const sockets = new WebSocketServer({ noServer: true, maxPayload: MAX_MESSAGE, handleProtocols: (offered) => (offered.has('realtime') ? 'realtime' : false) });
  const targets = { faults, log, live };
  const routes = controlRoutes(targets);
  const http = createServer((request, response) => {
    answerControl(request, response, routes)
      .then((answered) => {
        if (!answered) json(response, 404, { error: { type: 'invalid_request_error', code: 'unknown_url', message: `Unknown request URL: ${request.method} ${request.url}. The Realtime API is a WebSocket at /v1/realtime.` } });
      })
      .catch(() => response.destroy());
  });

  http.on('upgrade', (request: IncomingMessage, socket: Duplex, head: Buffer) => {
    const url = new URL(request.url ?? '/', 'http://simulator');
    socket.on('error', () => socket.destroy());
    const marked = behaviourOf(url);
    if (marked === undefined) return refuse(socket, 400);
    const refusal = refusalOf(request, url);
    const behaviour = { ...faults.take(), ...marked };
    if (behaviour.upgradeHang === true) return;
    const status = behaviour.upgradeStatus ?? refusal;
    if (status !== undefined) return refuse(socket, status);
    sockets.handleUpgrade(request, socket, head, (peer) => begin(peer, request, url, behaviour));
  });

  const begin = (peer: WebSocket, request: IncomingMessage, url: URL, behaviour: Behaviour): void => {
    const record = log.open(url.searchParams.get('model') ?? '');
    const wire = wireTo(peer, record);
    peer.on('error', () => peer.terminate());
    if (request.headers['openai-beta'] !== undefined) {
      wire.send({ type: 'error', error: { type: 'invalid_request_error', code: 'beta_api_shape_disabled', message: 'The Realtime Beta API is no longer supported. Please use /v1/realtime for the GA API.', param: null, event_id: null } });
      return wire.close(4000, 'invalid_request_error.beta_api_shape_disabled');
    }
    const session = new RealtimeSession(record.model, wire, voice, behaviour, faults);
    live.add(session);
    peers.set(peer, record);
    peer.on('message', (data: Buffer, isBinary) => {
      if (isBinary) return wire.send({ type: 'error', error: { type: 'invalid_request_error', code: 'invalid_message', message: 'Binary messages are not supported.', param: null, event_id: null } });
      const text = data.toString('utf8');
      logReceived(record, text);
      session.receive(text);
    });
    peer.on('close', (code, reason) => {
      record.closed = { at: new Date().toISOString(), code, reason: reason.toString('utf8') };
      live.delete(session);
      peers.delete(peer);
      session.dispose();
    });
  };

  const { at, port, close } = await listen(http, options);
  return {
    url: `ws://${at}/v1/realtime`,
    controlUrl: `http://${at}`,
    port,
    setFaults: (behaviour) => behave(targets, behaviour),
    sessions: () => log.all(),
    reset: () => reset(targets),
    drop: (chosen = () => true) => {
      for (const [peer, record] of peers) if (chosen(record)) peer.terminate();
    },
    close: () => {
      sockets.close();
      return close();
    },
  };
}

function refusalOf(request: IncomingMessage, url: URL): number | undefined {
  if (url.pathname !== '/v1/realtime') return 404;
  const offered = String(request.headers['sec-websocket-protocol'] ?? '');
  // Browsers can't set headers, so the service also takes the key as a subprotocol.
  const keyed = /^Bearer \S+/i.test(request.headers.authorization ?? '') || offered.includes('openai-insecure-api-key.');
  if (!keyed) return 401;
  return (url.searchParams.get('model') ?? '') === '' ? 400 : undefined;
}

/** The behaviour asked for in the query; undefined when it can't be read. */
function behaviourOf(url: URL): Behaviour | undefined {
  const given = url.searchParams.get('sim');
  try {
    return given === null ? {} : readBehaviour(given);
  } catch {
    return undefined;
  }
}

function refuse(socket: Duplex, status: number): void {
  const body = JSON.stringify({ error: { message: `SIMULATED refusal with ${status}`, type: status === 429 ? 'tokens' : 'invalid_request_error', code: status === 429 ? 'rate_limit_exceeded' : null } });
  socket.end(`HTTP/1.1 ${status} Refused\r\nContent-Type: application/json\r\nContent-Length: ${Buffer.byteLength(body)}\r\nConnection: close\r\n\r\n${body}`);
}

function wireTo(peer: WebSocket, record: LoggedSession): Wire {
  const raw = (data: string | Buffer, as: 'text' | 'binary' = typeof data === 'string' ? 'text' : 'binary'): void => {
    if (peer.readyState === peer.OPEN) peer.send(data, { binary: as === 'binary' });
  };
  return {
    send: (event: ServerEvent) => {
      const stamped = { ...event, event_id: makeId('event') };
      logEvent(record, 'sent', stamped);
      raw(JSON.stringify(stamped));
    },
    sendRaw: raw,
    close: (code, reason) => peer.close(code, reason),
    terminate: () => peer.terminate(),
  };
}

function logReceived(record: LoggedSession, text: string): void {
  try {
    const event = JSON.parse(text) as Record<string, unknown>;
    if (typeof event === 'object' && event !== null) logEvent(record, 'received', event);
  } catch {
    logEvent(record, 'received', { type: 'unreadable', length: text.length });
  }
}
