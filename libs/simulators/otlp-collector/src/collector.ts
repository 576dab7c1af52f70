import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';
import { gunzipSync } from 'node:zlib';
import { answerControl, bodyOf, listen, type ControlRoutes, type Listening } from '@troncal/simulator-program';
import { z } from 'zod';
import { readSpans } from './read-spans.js';
import type { ReceivedSpan } from './received-span.js';

export const faultSchema = z.strictObject({ fault: z.enum(['none', 'refuse', 'broken', 'slow', 'hang', 'cut']) });
export type CollectorFault = z.infer<typeof faultSchema>['fault'];

const SLOW_MS = 1_000;
const PROTOBUF = { 'content-type': 'application/x-protobuf' };

/** A collector that takes traces over OTLP/HTTP and remembers them. */
export class OtlpCollector {
  /** Every span that was taken, in the order of coming. */
  readonly spans: ReceivedSpan[] = [];
  /** Requests that came, whatever became of them. */
  requests = 0;
  /** Headers of the last one. */
  headers: IncomingMessage['headers'] = {};
  fault: CollectorFault = 'none';

  private listening: Listening | undefined;
  private readonly routes: ControlRoutes = {
    'GET /control/spans': () => ({ spans: this.spans }),
    'POST /control/faults': (body) => {
      this.fault = faultSchema.parse(JSON.parse(body)).fault;
    },
  };

  private constructor() {}

  /** @param port 0: whichever is free */
  static async start(port = 0, host = '127.0.0.1'): Promise<OtlpCollector> {
    const collector = new OtlpCollector();
    const server = createServer((request, response) => {
      collector.answer(request, response).catch(() => response.destroy());
    });
    collector.listening = await listen(server, { port, host });
    return collector;
  }

  get url(): string {
    return `http://${this.listening?.at}`;
  }

  /** The spans of one trace. */
  ofTrace(traceId: string): ReceivedSpan[] {
    return this.spans.filter((span) => span.traceId === traceId);
  }

  async close(): Promise<void> {
    await this.listening?.close();
  }

  private async answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    if (await answerControl(request, response, this.routes)) return;
    const body = await bodyOf(request);
    if (request.url !== '/v1/traces' || request.method !== 'POST') return send(response, 404);
    await this.take(request, body, response);
  }

  private async take(request: IncomingMessage, body: Buffer, response: ServerResponse): Promise<void> {
    this.requests += 1;
    this.headers = request.headers;
    switch (this.fault) {
      case 'refuse':
        return send(response, 503);
      case 'broken':
        return send(response, 500);
      case 'cut':
        request.socket.destroy();
        return;
      case 'hang':
        return;
      case 'slow':
        await sleep(SLOW_MS);
        break;
      case 'none':
    }
    this.spans.push(...readSpans(request.headers['content-encoding'] === 'gzip' ? gunzipSync(body) : body));
    response.writeHead(200, PROTOBUF).end();
  }
}

function send(response: ServerResponse, status: number): void {
  response.writeHead(status).end();
}
