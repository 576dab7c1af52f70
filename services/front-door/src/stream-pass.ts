import { STATUS_CODES, type IncomingMessage, type Server } from 'node:http';
import { connect, type Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import { STREAM_PATHS } from '@troncal/contracts';
import { errorText } from '@troncal/kernel';
import type { Logger } from '@troncal/observability';
import type { Upstreams } from './upstreams.js';

/** Streams at once; more are refused. Each is two sockets and what of a frame is under way. */
const MAX_STREAMS = 2_000;
/** Twilio waits longer; another replica may still answer then. */
const ANSWER_WITHIN_MS = 1_500;
const GOODBYE_MS = 1_000;
/** Longest head of an answer to an upgrade. */
const MAX_ANSWER = 16 * 1024;

/** Node 24.9 and later; @types/node 24.19 knows it as an option only. */
interface Upgradable {
  shouldUpgradeCallback?: (request: IncomingMessage) => boolean;
}

const pathOf = (request: IncomingMessage): string => (request.url ?? '').split('?', 1)[0] ?? '';

/**
 * Passes WebSockets on to the service that takes them (`STREAM_PATHS`): the handshake as it came, then bytes both ways, as they come. Nothing is read of
 * them, so nothing is unpacked, kept or delayed; who reads slowly slows down who writes. Replicas take turns; one that nobody listens at, that is too slow to
 * answer or answers 503 is passed over, for by then nobody has said anything. Nothing of the client's goes on unless the service has taken the upgrade: no
 * second request can hide behind the first.
 */
export class StreamPass {
  private readonly streams = new Set<Duplex>();
  private turn = 0;
  private open = true;

  constructor(
    private readonly upstreams: Upstreams,
    private readonly logger: Logger,
    private readonly maxStreams = MAX_STREAMS,
  ) {}

  /** Streams that are open, or being opened. */
  get size(): number {
    return this.streams.size;
  }

  /** Takes the streams that come to this server; everything else stays a request like any other. */
  serve(server: Server & Upgradable): void {
    server.shouldUpgradeCallback = (request) => Object.hasOwn(STREAM_PATHS, pathOf(request)) && request.method === 'GET' && request.headers.upgrade?.toLowerCase() === 'websocket';
    server.on('upgrade', (request: IncomingMessage, socket: Duplex, head: Buffer) => {
      socket.on('error', () => socket.destroy());
      if (!this.open || this.streams.size >= this.maxStreams) return refuse(socket, 503);
      this.streams.add(socket);
      socket.on('close', () => this.streams.delete(socket));
      this.pass(request, socket as Socket, head).catch((error: unknown) => {
        this.logger.error({ err: error }, 'a stream could not be passed on');
        socket.destroy();
      });
    });
  }

  /** Takes no new streams and ends those that are there. */
  close(): void {
    this.open = false;
    for (const socket of this.streams) socket.destroy();
  }

  private async pass(request: IncomingMessage, client: Socket, head: Buffer): Promise<void> {
    const service = STREAM_PATHS[pathOf(request)];
    const origins = (service && this.upstreams[service]) ?? [];
    // What comes meanwhile waits in the kernel.
    client.pause();
    client.setTimeout(0);
    client.setNoDelay(true);
    let last: Answer | undefined;
    for (let tried = 0; tried < origins.length && !client.destroyed; tried += 1) {
      const origin = origins[this.turn++ % origins.length] ?? '';
      last = await ask(origin, request, client).catch((error: unknown) => {
        this.logger.warn({ service, origin, reason: errorText(error) }, 'a replica does not take a stream');
        return undefined;
      });
      if (last?.status === 101) return join(client, head, last);
      if (last !== undefined && last.status !== 503) break;
      last?.upstream.destroy();
    }
    if (client.destroyed) return;
    if (last === undefined || last.status === 503) return refuse(client, 503);
    // Not taken: its answer is all that the client gets.
    const { upstream, said } = last;
    client.on('close', () => upstream.destroy());
    client.write(said);
    upstream.pipe(client);
    setTimeout(() => client.destroy(), ANSWER_WITHIN_MS).unref();
  }
}

/** What a replica said to the handshake. */
interface Answer {
  readonly status: number;
  readonly upstream: Socket;
  /** The bytes of its answer so far. */
  readonly said: Buffer;
}

/** Gives a replica the handshake as it came; resolves with the beginning of its answer. Rejects when there is none in time, and when the client leaves. */
function ask(origin: string, request: IncomingMessage, client: Socket): Promise<Answer> {
  const { hostname, port } = new URL(origin);
  return new Promise((resolve, reject) => {
    const upstream = connect({ host: hostname.replace(/^\[|\]$/g, ''), port: Number(port === '' ? 80 : port), noDelay: true, keepAlive: true, keepAliveInitialDelay: 10_000 });
    let said = Buffer.alloc(0);
    const fail = (reason: string): void => {
      settle();
      upstream.destroy();
      reject(new Error(reason));
    };
    const late = setTimeout(() => fail(`no answer within ${ANSWER_WITHIN_MS} ms`), ANSWER_WITHIN_MS);
    const failed = (error: Error): void => fail(error.message);
    const closed = (): void => fail('it closed the connection');
    const left = (): void => fail('the client left');
    const take = (piece: Buffer): void => {
      said = Buffer.concat([said, piece]);
      if (!said.includes('\r\n\r\n')) return said.length > MAX_ANSWER ? fail('its answer is too long') : undefined;
      upstream.pause();
      settle();
      upstream.on('error', () => upstream.destroy());
      resolve({ status: Number(/^HTTP\/1\.1 (\d{3}) /.exec(said.toString('latin1', 0, 16))?.[1] ?? 0), upstream, said });
    };
    const settle = (): void => {
      clearTimeout(late);
      upstream.off('error', failed).off('close', closed).off('data', take);
      client.off('close', left);
      if (!upstream.listenerCount('error')) upstream.on('error', () => upstream.destroy());
    };
    upstream.on('error', failed).on('close', closed).on('data', take);
    client.on('close', left);
    upstream.write(handshakeOf(request));
  });
}

/** The request as it came: names, order and values. */
function handshakeOf({ method, url, rawHeaders }: IncomingMessage): Buffer {
  const lines = [`${method} ${url} HTTP/1.1`];
  for (let at = 0; at < rawHeaders.length; at += 2) lines.push(`${rawHeaders[at]}: ${rawHeaders[at + 1]}`);
  return Buffer.from(`${lines.join('\r\n')}\r\n\r\n`, 'latin1');
}

function join(client: Socket, head: Buffer, { upstream, said }: Answer): void {
  for (const [one, other] of [[client, upstream], [upstream, client]] as const) {
    one.on('close', () => other.destroy());
    // What was said before the end still goes on, and for no longer than this is the other side's end waited for.
    one.on('end', () => setTimeout(() => one.destroy(), GOODBYE_MS).unref());
  }
  if (client.destroyed || upstream.destroyed) {
    client.destroy();
    upstream.destroy();
    return;
  }
  client.write(said);
  if (head.length > 0) upstream.write(head);
  client.pipe(upstream);
  upstream.pipe(client);
}

function refuse(socket: Duplex, status: number): void {
  if (socket.destroyed) return;
  socket.end(`HTTP/1.1 ${status} ${STATUS_CODES[status] ?? 'Refused'}\r\nConnection: close\r\nRetry-After: 2\r\nContent-Length: 0\r\n\r\n`);
  setTimeout(() => socket.destroy(), 500).unref();
}
