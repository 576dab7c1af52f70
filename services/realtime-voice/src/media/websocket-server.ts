import { createServer, STATUS_CODES, type IncomingMessage, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Duplex } from 'node:stream';
import { isCallId } from '@troncal/kernel';
import type { Logger } from '@troncal/observability';
import { WebSocketServer, type WebSocket } from 'ws';
import type { G711 } from '../engine/voice-engine.js';
import type { LegGate } from './leg-gate.js';
import { WebSocketLeg } from './websocket-leg.js';

/** Where a server listens. */
export interface MediaAddress {
  readonly host: string;
  /** 0: whichever is free. */
  readonly port: number;
}

/** A request to be let in, for a leg. */
interface Entry<Claim> {
  readonly legId: string;
  /** From when it is taken until somebody has it. */
  claim?: Claim | undefined;
}

/** Asterisk sends 160 bytes at a time, and control messages of a few hundred. */
const MAX_MESSAGE = 16 * 1024;

/**
 * The WebSocket server that Asterisk's chan_websocket dials: `/media?leg=<uuid>`, subprotocol `media`. A leg is admitted once, before the
 * upgrade, and taken only for a handshake in order; everything else is answered with an HTTP error at once. Whatever a peer sends can end its own connection only.
 */
export class WebSocketMediaServer<Claim extends { readonly format: G711 }> {
  private readonly http: Server;
  private readonly sockets = new WebSocketServer({
    noServer: true, maxPayload: MAX_MESSAGE, perMessageDeflate: false, clientTracking: false, handleProtocols: () => 'media',
    // Asked by ws once it has found the handshake in order (8.23).
    verifyClient: ({ req }: { readonly req: IncomingMessage }, done: (verified: true) => void) => void this.take(req, () => done(true)),
  });
  private readonly entries = new WeakMap<IncomingMessage, Entry<Claim>>();
  private readonly connections = new Set<Duplex>();

  constructor(
    private readonly address: MediaAddress,
    private readonly gate: LegGate<Claim>,
    private readonly logger: Logger,
  ) {
    this.http = createServer((_, response) => {
      response.writeHead(426, { connection: 'close', upgrade: 'websocket' });
      response.end();
    });
    // A peer that connects and says nothing, or half a request, is gone after this; Node looks each `connectionsCheckingInterval`.
    this.http.headersTimeout = 3_000;
    this.http.requestTimeout = 5_000;
    this.http.maxConnections = gate.maxLegs + 200;
    this.http.on('connection', (socket) => {
      this.connections.add(socket);
      socket.on('close', () => this.connections.delete(socket));
      socket.on('error', () => socket.destroy());
      // Before the first byte of a request Node's own timeouts don't count.
      socket.setTimeout(5_000, () => socket.destroy());
    });
    this.http.on('clientError', (_, socket) => {
      if (socket.writable) socket.end('HTTP/1.1 400 Bad Request\r\nConnection: close\r\n\r\n');
      else socket.destroy();
    });
    this.http.on('upgrade', (request: IncomingMessage, socket: Duplex, head: Buffer) => {
      const verdict = this.judge(request);
      if (typeof verdict === 'number') return refuse(socket, verdict);
      const entry: Entry<Claim> = verdict;
      this.entries.set(request, entry);
      this.sockets.handleUpgrade(request, socket, head, (peer) => this.admit(entry, peer, socket));
    });
  }

  /** Connections that are open, admitted or not. */
  get size(): number {
    return this.connections.size;
  }

  /** Resolves with the port. */
  async listen(): Promise<number> {
    await new Promise<void>((resolve, reject) => {
      this.http.once('error', reject);
      this.http.listen(this.address.port, this.address.host, resolve);
    });
    return (this.http.address() as AddressInfo).port;
  }

  /** Takes no new sockets and ends what is left of the old ones. */
  async close(): Promise<void> {
    const closed = new Promise<void>((resolve) => this.http.close(() => resolve()));
    for (const socket of this.connections) socket.destroy();
    await closed;
  }

  /** Takes the leg and has the upgrade done, or refuses the request. */
  private async take(request: IncomingMessage, upgrade: () => void): Promise<void> {
    const { socket } = request;
    const entry = this.entries.get(request);
    if (entry === undefined) return refuse(socket, 503);
    try {
      const claim = await this.gate.claim(entry.legId);
      if (claim === 'unknown') return refuse(socket, 404);
      if (claim === 'late') return refuse(socket, 503);
      entry.claim = claim;
      socket.setTimeout(0);
      upgrade();
    } catch (error) {
      this.logger.error({ err: error }, 'a media socket could not be admitted');
      refuse(socket, 503);
    }
    // It left while the leg was taken.
    if (entry.claim !== undefined) this.gate.abandon(entry.legId, entry.claim);
  }

  private admit(entry: Entry<Claim>, peer: WebSocket, socket: Duplex): void {
    const { legId, claim } = entry;
    if (claim === undefined) return peer.terminate();
    entry.claim = undefined;
    peer.on('close', () => this.gate.left());
    this.gate.admit(new WebSocketLeg(legId, peer, socket, claim.format, this.logger), claim);
  }

  /** The leg asked for, or the HTTP status of the refusal. */
  private judge(request: IncomingMessage): { readonly legId: string } | number {
    const url = URL.parse(request.url ?? '', 'http://media');
    if (url === null) return 400;
    if (url.pathname !== '/media') return 404;
    // Browsers always send it and Asterisk never does: a page somewhere must not reach a call through somebody's browser.
    if (request.headers.origin !== undefined) return 403;
    const offered = String(request.headers['sec-websocket-protocol'] ?? '').split(',').map((name) => name.trim());
    if (!offered.includes('media')) return 400;
    const legId = url.searchParams.get('leg') ?? '';
    if (!isCallId(legId)) return 404;
    return this.gate.full ? 503 : { legId };
  }
}

function refuse(socket: Duplex, status: number): void {
  if (socket.destroyed) return;
  socket.end(`HTTP/1.1 ${status} ${STATUS_CODES[status] ?? 'Refused'}\r\nConnection: close\r\nContent-Length: 0\r\n\r\n`);
  setTimeout(() => socket.destroy(), 500).unref();
}
