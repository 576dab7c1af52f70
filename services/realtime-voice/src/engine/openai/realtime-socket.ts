import { errorText } from '@troncal/kernel';
import WebSocket from 'ws';

/** An event of the provider: only `type` is certain. */
export interface ServerEvent {
  readonly type: string;
  readonly [field: string]: unknown;
}

export interface SocketListener {
  open(): void;
  event(event: ServerEvent): void;
  /** Once, and nothing after it. `hopeless`: refused in a way that trying again doesn't change. */
  closed(reason: string, hopeless: boolean): void;
}

export interface ProviderAddress {
  /** `wss://…/v1/realtime`, without the query. */
  readonly url: string;
  readonly model: string;
  readonly apiKey: string;
}

/** No such key, no such model, no such path: the next connection meets the same. 429 and 5xx pass. */
const HOPELESS = new Set([400, 401, 403, 404]);
const CONNECT_MS = 4_000;
const PING_MS = 10_000;
/** Larger than any audio delta by far; a provider that sends more than this in one message is broken. */
const MAX_MESSAGE = 16 * 1024 * 1024;
/** Unsent bytes that are a minute of audio: the connection is dead although nothing has said so. */
const MAX_UNSENT = 1024 * 1024;
const TEXT = { binary: false } as const;

/** One WebSocket to the provider, with its own pings: `ws` answers pings and never sends any, and a dead connection is otherwise noticed by nobody. */
export class RealtimeSocket {
  private readonly socket: WebSocket;
  private readonly pinger: NodeJS.Timeout;
  private alive = true;
  private ended = false;

  constructor(
    address: ProviderAddress,
    private readonly listener: SocketListener,
  ) {
    const url = new URL(address.url);
    url.searchParams.set('model', address.model);
    this.socket = new WebSocket(url, {
      headers: { authorization: `Bearer ${address.apiKey}` },
      handshakeTimeout: CONNECT_MS,
      maxPayload: MAX_MESSAGE,
      // Audio is small and must not wait for a compressor.
      perMessageDeflate: false,
    });
    this.socket.on('open', () => !this.ended && listener.open());
    this.socket.on('message', (data: Buffer, isBinary) => this.receive(data, isBinary));
    this.socket.on('pong', () => (this.alive = true));
    this.socket.on('unexpected-response', (_, response) => this.end(`refused with HTTP ${response.statusCode ?? '?'}`, HOPELESS.has(response.statusCode ?? 0)));
    this.socket.on('error', (error) => this.end(errorText(error)));
    this.socket.on('close', (code, reason) => this.end(`closed with ${code}${reason.length > 0 ? ` ${reason.toString('utf8').slice(0, 120)}` : ''}`));
    this.pinger = setInterval(() => this.ping(), PING_MS);
    this.pinger.unref();
  }

  /** JSON text; dropped when the socket isn't open. As bytes it goes out in one piece: `ws` masks a string apart from its header. */
  send(text: string | Buffer): void {
    if (this.socket.readyState !== WebSocket.OPEN) return;
    if (this.socket.bufferedAmount > MAX_UNSENT) return this.end(`${this.socket.bufferedAmount} bytes were not taken`);
    this.socket.send(text, TEXT);
  }

  close(): void {
    this.ended = true;
    clearInterval(this.pinger);
    this.socket.close(1000);
    // A peer that never answers the close must not keep the descriptor.
    setTimeout(() => this.socket.terminate(), 1_000).unref();
  }

  private receive(data: Buffer, isBinary: boolean): void {
    if (this.ended || isBinary) return;
    const event = parse(data);
    // What can't be read is skipped: one bad message is no reason to end a call that goes on.
    if (event !== undefined) this.listener.event(event);
  }

  private ping(): void {
    if (this.socket.readyState !== WebSocket.OPEN) return;
    if (!this.alive) return this.end(`no pong within ${PING_MS} ms`);
    this.alive = false;
    this.socket.ping();
  }

  private end(reason: string, hopeless = false): void {
    if (this.ended) return;
    this.ended = true;
    clearInterval(this.pinger);
    this.socket.terminate();
    this.listener.closed(reason, hopeless);
  }
}

function parse(data: Buffer): ServerEvent | undefined {
  try {
    const value: unknown = JSON.parse(data.toString('utf8'));
    return typeof value === 'object' && value !== null && typeof (value as { type?: unknown }).type === 'string' ? (value as ServerEvent) : undefined;
  } catch {
    return undefined;
  }
}
