import type { Duplex } from 'node:stream';
import type { LegOrder } from '@troncal/media-protocols';
import type { Logger } from '@troncal/observability';
import type { WebSocket } from 'ws';
import { LegLife } from './leg-life.js';
import type { LegHandlers, MediaLeg } from './media-leg.js';

/** Unsent bytes beyond which audio waits: two seconds, in base64 too, plus what is between. */
const MAX_UNSENT = 32 * 1024;
const LOOK_MS = 5_000;
/** Messages that can't be read before the peer is taken for something else than what it should be. */
const MAX_UNREADABLE = 10;

/** A leg over a WebSocket, whatever is spoken on it: its error boundary, what of it is unsent, whether anybody is there, and how it ends. */
export abstract class SocketLeg implements MediaLeg {
  protected readonly life: LegLife;
  /** Something came since the last look. */
  protected alive = true;
  private readonly timer: NodeJS.Timeout;
  private unreadable = 0;
  private full = false;

  /** @param wire what carries the socket */
  constructor(
    readonly legId: string,
    protected readonly socket: WebSocket,
    private readonly wire: Duplex,
    protected readonly logger: Logger,
  ) {
    this.life = new LegLife(legId, logger, (reason) => this.fail(reason, 1011));
    this.timer = setInterval(() => this.look(), LOOK_MS);
    socket.on('pong', () => (this.alive = true));
    socket.on('message', (data: Buffer, isBinary) => this.receive(data, isBinary));
    socket.on('close', () => this.finish(undefined));
  }

  handle(handlers: LegHandlers): void {
    this.life.handle(handlers);
  }

  guard(work: () => void): void {
    this.life.guard(work);
  }

  writable(): boolean {
    this.full = this.socket.bufferedAmount > MAX_UNSENT;
    return !this.life.over && !this.full;
  }

  write(orders: readonly LegOrder[]): void {
    if (this.life.over) return;
    // One system call for what leaves together; and a frame in two parts stalls Asterisk's reader ("Websocket seems unresponsive").
    this.wire.cork();
    try {
      for (const order of orders) this.send(order);
    } finally {
      this.wire.uncork();
    }
  }

  close(reason: string): void {
    if (this.life.over) return;
    this.socket.close(1000, reason);
    setTimeout(() => this.socket.terminate(), 1_000).unref();
    this.finish(undefined);
  }

  /** A message from the other end. */
  receive(data: Buffer, isBinary: boolean): void {
    if (!this.life.over) this.guard(() => this.obey(data, isBinary));
  }

  protected abstract send(order: LegOrder): void;
  protected abstract obey(data: Buffer, isBinary: boolean): void;

  /** To be called when audio has left. */
  protected drained(): void {
    if (this.full && this.writable()) this.guard(() => this.life.writable());
  }

  protected countUnreadable(faults: readonly string[]): void {
    this.unreadable += 1;
    if (this.unreadable === 1) this.logger.warn({ legId: this.legId, faults: faults.map((fault) => fault.slice(0, 300)) }, 'a media leg sends what cannot be read');
    if (this.unreadable > MAX_UNREADABLE) this.fail('too much that cannot be read', 1007);
  }

  /** Closes the leg for what the other end did, or for a fault of ours. @param code RFC 6455 section 7.4 */
  protected fail(reason: string, code: number): void {
    if (this.life.over) return;
    this.socket.close(code, reason.slice(0, 120));
    setTimeout(() => this.socket.terminate(), 500).unref();
    this.finish(reason);
  }

  private look(): void {
    if (!this.alive) {
      this.socket.terminate();
      return this.finish('nothing came any more');
    }
    this.alive = false;
    this.socket.ping();
  }

  private finish(fault: string | undefined): void {
    if (this.life.end(fault)) clearInterval(this.timer);
  }
}
