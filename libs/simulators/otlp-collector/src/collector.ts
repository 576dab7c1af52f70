import { once } from 'node:events';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { gunzipSync } from 'node:zlib';
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

  private constructor(
    private readonly server: Server,
    readonly url: string,
  ) {}

  /** @param port 0: whichever is free */
  static async start(port = 0, host = '127.0.0.1'): Promise<OtlpCollector> {
    const server = createServer();
    server.listen(port, host);
    await once(server, 'listening');
    const collector = new OtlpCollector(server, `http://${host}:${(server.address() as AddressInfo).port}`);
    server.on('request', (request, response) => {
      collector.answer(request, response).catch(() => response.destroy());
    });
    return collector;
  }

  /** The spans of one trace. */
  ofTrace(traceId: string): ReceivedSpan[] {
    return this.spans.filter((span) => span.traceId === traceId);
  }

  async close(): Promise<void> {
    this.server.closeAllConnections();
    this.server.close();
    await once(this.server, 'close');
  }

  private async answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const body = await read(request);
    if (request.url === '/control/spans') return send(response, 200, JSON.stringify(this.spans));
    if (request.url === '/control/faults') {
      this.fault = faultSchema.parse(JSON.parse(body.toString('utf8'))).fault;
      return send(response, 204);
    }
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
        await new Promise((resolve) => setTimeout(resolve, SLOW_MS));
        break;
      case 'none':
    }
    this.spans.push(...readSpans(request.headers['content-encoding'] === 'gzip' ? gunzipSync(body) : body));
    response.writeHead(200, PROTOBUF).end();
  }
}

function send(response: ServerResponse, status: number, body = ''): void {
  response.writeHead(status).end(body);
}

async function read(request: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks);
}
