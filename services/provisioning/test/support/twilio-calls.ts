import { createServer, type Server } from 'node:http';
import twilio, { type Twilio } from 'twilio';
import { TwilioHttp } from '../../src/twilio/http/twilio-http.js';
import { sid } from './rail-call-bench.js';

type Call = Readonly<Record<string, string | null>>;

/** Twilio's Calls resource over a socket: as much of it as is read of calls that have been. */
export class TwilioCalls {
  readonly calls = new Map<string, Call>();
  /** By their parent. */
  readonly legs = new Map<string, readonly Call[]>();
  private server: Server | undefined;
  private port = 0;

  async start(): Promise<void> {
    this.server = createServer((request, response) => {
      const url = new URL(request.url ?? '', 'http://twilio');
      const [, callSid] = /\/Calls\/(CA[0-9a-f]{32})\.json$/.exec(url.pathname) ?? [];
      const parent = url.searchParams.get('ParentCallSid');
      const call = callSid && this.calls.get(callSid);
      response.setHeader('content-type', 'application/json');
      if (parent) response.end(JSON.stringify({ calls: (this.legs.get(parent) ?? []).map((leg, index) => ({ sid: sid(`${parent} ${index}`), parent_call_sid: parent, ...leg })), page: 0, page_size: 50, next_page_uri: null }));
      else if (callSid && call) response.end(JSON.stringify({ sid: callSid, ...call }));
      else response.writeHead(404).end(JSON.stringify({ code: 20404, message: 'The requested resource was not found', status: 404 }));
    });
    await new Promise<void>((resolve) => this.server?.listen(0, '127.0.0.1', resolve));
    const address = this.server.address();
    if (typeof address === 'object' && address) this.port = address.port;
  }

  get client(): Twilio {
    return twilio(`AC${'0'.repeat(32)}`, 'token', { httpClient: new TwilioHttp({ base: `http://127.0.0.1:${this.port}` }) });
  }

  async stop(): Promise<void> {
    await new Promise((resolve) => this.server?.close(resolve));
  }
}
