import { createServer, type AddressInfo, type Server, type Socket } from 'node:net';
import { AudioSocketParser } from '@troncal/media-protocols';
import type { Logger } from '@troncal/observability';
import type { G711 } from '../engine/voice-engine.js';
import { AudioSocketLeg } from './audiosocket-leg.js';
import { FramePacer } from './frame-pacer.js';
import type { LegGate } from './leg-gate.js';
import type { MediaAddress } from './websocket-server.js';

/** The first message: kind, length, and the leg's UUID. */
const FIRST_BYTES = 19;
const UUID_KIND = 0x01;
/** Asterisk sends it in the tick in which it has connected. */
const FIRST_WITHIN_MS = 2_000;

/**
 * The TCP server that Asterisk's AudioSocket application dials. The first message names the leg; a leg is admitted once, and everything else is closed
 * without a word, which is all the protocol knows of refusals. Whatever a peer sends can end its own connection only.
 */
export class AudioSocketServer<Claim extends { readonly format: G711 }> {
  private readonly server: Server;
  private readonly sockets = new Set<Socket>();

  constructor(
    private readonly address: MediaAddress,
    private readonly gate: LegGate<Claim>,
    private readonly pacer: FramePacer,
    private readonly logger: Logger,
  ) {
    this.server = createServer({ noDelay: true, keepAlive: true, keepAliveInitialDelay: 5_000 }, (socket) => this.knock(socket));
    this.server.maxConnections = gate.maxLegs + 200;
  }

  /** Connections that are open, admitted or not. */
  get size(): number {
    return this.sockets.size;
  }

  /** Resolves with the port. */
  async listen(): Promise<number> {
    await new Promise<void>((resolve, reject) => {
      this.server.once('error', reject);
      this.server.listen(this.address.port, this.address.host, resolve);
    });
    return (this.server.address() as AddressInfo).port;
  }

  /** Takes no new connections and ends what is left of the old ones. */
  async close(): Promise<void> {
    const closed = new Promise<void>((resolve) => this.server.close(() => resolve()));
    for (const socket of this.sockets) socket.destroy();
    await closed;
  }

  private knock(socket: Socket): void {
    this.sockets.add(socket);
    socket.on('close', () => this.sockets.delete(socket));
    const late = setTimeout(() => socket.destroy(), FIRST_WITHIN_MS);
    const parts: Buffer[] = [];
    let bytes = 0;
    const gone = (): void => clearTimeout(late);
    const failed = (): void => void socket.destroy();
    const take = (piece: Buffer): void => {
      parts.push(piece);
      bytes += piece.length;
      if (parts[0]?.[0] !== UUID_KIND) return void socket.destroy();
      if (bytes < FIRST_BYTES) return;
      clearTimeout(late);
      for (const [event, listener] of [['data', take], ['error', failed], ['close', gone]] as const) socket.off(event, listener);
      // What the caller says meanwhile waits in the kernel.
      socket.pause();
      const said = Buffer.concat(parts);
      this.admit(socket, said).catch((error: unknown) => {
        this.logger.error({ err: error }, 'a media connection could not be admitted');
        socket.destroy();
      });
    };
    socket.on('close', gone);
    socket.on('error', failed);
    socket.on('data', take);
  }

  private async admit(socket: Socket, said: Buffer): Promise<void> {
    // Until the leg listens itself.
    const failed = (): void => void socket.destroy();
    socket.on('error', failed);
    const legId = legIn(said.subarray(0, FIRST_BYTES));
    const claim = legId === undefined || this.gate.full ? 'unknown' : await this.gate.claim(legId);
    if (legId === undefined || typeof claim === 'string') return void socket.destroy();
    if (socket.destroyed) return this.gate.abandon(legId, claim);
    socket.off('error', failed);
    socket.on('close', () => this.gate.left());
    const leg = new AudioSocketLeg(legId, socket, claim.format, this.pacer, this.logger);
    this.gate.admit(leg, claim);
    leg.receive(said.subarray(FIRST_BYTES));
    socket.resume();
  }
}

function legIn(first: Buffer): string | undefined {
  let legId: string | undefined;
  const nothing = (): void => {};
  new AudioSocketParser({ uuid: (uuid) => (legId = uuid), audio: nothing, digit: nothing, hangup: nothing, error: nothing }).push(first);
  return legId;
}
