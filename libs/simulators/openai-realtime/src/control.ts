import type { IncomingMessage, ServerResponse } from 'node:http';
import { readBehaviour, type FaultBoard } from './faults.js';
import type { SessionLog } from './session-log.js';
import type { RealtimeSession } from './session.js';

export interface ControlTargets {
  readonly faults: FaultBoard;
  readonly log: SessionLog;
  readonly live: ReadonlySet<RealtimeSession>;
}

const MAX_BODY = 64 * 1024;

/**
 * The simulator's own API, beside the simulated one: `POST /control/faults` (a behaviour), `GET /control/log`, `POST /control/reset`,
 * `GET /health`. Answers JSON; a bad behaviour is refused with 400 and every fault in it.
 */
export async function answerControl(request: IncomingMessage, response: ServerResponse, targets: ControlTargets): Promise<void> {
  const { pathname } = new URL(request.url ?? '/', 'http://simulator');
  const route = `${request.method} ${pathname}`;
  if (route === 'GET /health') return json(response, 200, { simulated: true, sessions: targets.live.size });
  if (route === 'GET /control/log') return json(response, 200, { simulated: true, sessions: targets.log.all() });
  if (route === 'POST /control/reset') {
    targets.faults.reset();
    targets.log.reset();
    for (const session of targets.live) session.behave({});
    return json(response, 200, { simulated: true });
  }
  if (route === 'POST /control/faults') {
    try {
      const behaviour = readBehaviour(await bodyOf(request));
      targets.faults.set(behaviour);
      if (behaviour.sessions === undefined) for (const session of targets.live) session.behave(behaviour);
      return json(response, 200, { simulated: true, behaviour });
    } catch (error) {
      return json(response, 400, { error: { type: 'invalid_request_error', code: 'bad_behaviour', message: (error as Error).message } });
    }
  }
  json(response, 404, { error: { type: 'invalid_request_error', code: 'unknown_url', message: `Unknown request URL: ${route}. The Realtime API is a WebSocket at /v1/realtime.` } });
}

async function bodyOf(request: IncomingMessage): Promise<string> {
  const parts: Buffer[] = [];
  let size = 0;
  for await (const part of request as AsyncIterable<Buffer>) {
    size += part.length;
    if (size > MAX_BODY) throw new Error(`A behaviour is at most ${MAX_BODY} bytes`);
    parts.push(part);
  }
  return Buffer.concat(parts).toString('utf8');
}

function json(response: ServerResponse, status: number, body: unknown): void {
  response.writeHead(status, { 'content-type': 'application/json' });
  response.end(JSON.stringify(body));
}
