import { STATUS_CODES, type IncomingMessage, type Server } from 'node:http';
import type { Duplex } from 'node:stream';
import { TWILIO_MEDIA_PATH } from '@troncal/contracts';
import { isCallId } from '@troncal/kernel';
import { parseTwilioStream, TwilioStreamError, type TwilioStart } from '@troncal/media-protocols';
import type { Logger } from '@troncal/observability';
import { WebSocketServer, type WebSocket } from 'ws';
import type { G711 } from '../engine/voice-engine.js';
import type { LegGate } from './leg-gate.js';
import { TwilioLeg } from './twilio-leg.js';

/** Twilio's messages of audio have 300 bytes, its `start` as many as the parameters have. */
const MAX_MESSAGE = 16 * 1024;
/** Twilio sends `connected` and `start` together, as soon as the socket is open. */
const START_WITHIN_MS = 5_000;
/** Sockets that haven't been let in. One more, and the one that waits for longest goes: who is meant to come says at once which leg it is. */
const MAX_WAITING = 200;

/** Node 24.9 and later; @types/node 24.19 knows it as an option only. */
interface Upgradable {
  shouldUpgradeCallback?: (request: IncomingMessage) => boolean;
}

/**
 * Where Twilio's Media Streams arrive: WebSockets at `/media/twilio` of the service's own HTTP server, which the whole world reaches. The leg's id comes
 * in `start`, as the parameter `leg`, and is all that lets a stream in: nobody may guess it, and it is taken once. Everything else is closed with a reason.
 * Whatever a peer sends can end its own connection only.
 */
export class TwilioMediaServer<Claim extends { readonly format: G711 }> {
  private readonly sockets = new WebSocketServer({ noServer: true, maxPayload: MAX_MESSAGE, perMessageDeflate: false, clientTracking: false });
  private readonly waiting = new Set<WebSocket>();
  private readonly connections = new Set<Duplex>();
  private open = true;

  constructor(
    private readonly gate: LegGate<Claim>,
    private readonly logger: Logger,
  ) {}

  /** Connections that are open, admitted or not. */
  get size(): number {
    return this.connections.size;
  }

  /** Takes the streams that come to this server; everything else stays a request like any other. */
  serve(http: Server & Upgradable): void {
    http.shouldUpgradeCallback = ({ url, headers }) => url?.split('?', 1)[0] === TWILIO_MEDIA_PATH && headers.upgrade?.toLowerCase() === 'websocket';
    http.on('upgrade', (request: IncomingMessage, socket: Duplex, head: Buffer) => {
      socket.on('error', () => socket.destroy());
      if (!this.open || this.gate.full) return refuse(socket, 503);
      this.connections.add(socket);
      socket.on('close', () => this.connections.delete(socket));
      this.sockets.handleUpgrade(request, socket, head, (peer) => this.listen(peer, socket));
    });
  }

  /** Takes no new streams and ends what is left of the old ones. */
  close(): void {
    this.open = false;
    for (const socket of this.connections) socket.destroy();
  }

  /** Waits for the peer to say which leg it is. */
  private listen(peer: WebSocket, socket: Duplex): void {
    // Comes before 'close', for oversize and malformed frames too; 'close' does the rest.
    peer.on('error', (error) => this.logger.warn({ reason: error.message }, 'a stream of Twilio failed'));
    const [longest] = this.waiting;
    if (longest !== undefined && this.waiting.size >= MAX_WAITING) {
      this.waiting.delete(longest);
      turnAway(longest, 1013, 'others come');
    }
    this.waiting.add(peer);
    const late = setTimeout(() => turnAway(peer, 1002, 'no start came'), START_WITHIN_MS);
    let connected = false;
    const take = (data: Buffer, isBinary: boolean): void => {
      const message = isBinary ? new TwilioStreamError('a binary message') : parseTwilioStream(data.toString('utf8'));
      if (!(message instanceof TwilioStreamError) && message.event === 'connected' && !connected) {
        connected = true;
        return;
      }
      clearTimeout(late);
      peer.off('message', take);
      if (message instanceof TwilioStreamError || message.event !== 'start') return turnAway(peer, 1002, message instanceof Error ? message.message : `'${message.event}' came before 'start'`);
      this.admit(peer, socket, message).catch((error: unknown) => {
        this.logger.error({ err: error }, 'a stream of Twilio could not be admitted');
        turnAway(peer, 1011, 'an internal fault');
      });
    };
    peer.on('close', () => {
      clearTimeout(late);
      this.waiting.delete(peer);
    });
    peer.on('message', take);
  }

  private async admit(peer: WebSocket, socket: Duplex, start: TwilioStart): Promise<void> {
    const legId = start.parameters.get('leg') ?? '';
    if (!isCallId(legId)) return turnAway(peer, 1008, "no parameter 'leg' with a leg's id");
    if (this.gate.full) return turnAway(peer, 1013, 'too many calls');
    const early: Parameters<TwilioLeg['receive']>[] = [];
    const keep = (data: Buffer, isBinary: boolean): void => void early.push([data, isBinary]);
    peer.on('message', keep);
    // What the caller says meanwhile waits in the kernel, but for what has been read already.
    peer.pause();
    const claim = await this.gate.claim(legId);
    this.waiting.delete(peer);
    peer.off('message', keep);
    if (claim === 'unknown') return turnAway(peer, 1008, 'this leg is unknown, used or over');
    if (claim === 'late') return turnAway(peer, 1013, 'the leg could not be looked up in time');
    if (peer.readyState !== peer.OPEN) return this.gate.abandon(legId, claim);
    if (claim.format !== 'ulaw') {
      this.gate.abandon(legId, claim);
      return turnAway(peer, 1003, `a stream speaks ulaw and ${claim.format} was agreed`);
    }
    peer.on('close', () => this.gate.left());
    const leg = new TwilioLeg(legId, peer, socket, start, this.logger);
    this.gate.admit(leg, claim);
    for (const message of early) leg.receive(...message);
    peer.resume();
  }
}

function turnAway(peer: WebSocket, code: number, reason: string): void {
  peer.resume();
  peer.close(code, reason.slice(0, 120));
  setTimeout(() => peer.terminate(), 1_000).unref();
}

function refuse(socket: Duplex, status: number): void {
  socket.end(`HTTP/1.1 ${status} ${STATUS_CODES[status] ?? 'Refused'}\r\nConnection: close\r\nContent-Length: 0\r\n\r\n`);
  setTimeout(() => socket.destroy(), 500).unref();
}
