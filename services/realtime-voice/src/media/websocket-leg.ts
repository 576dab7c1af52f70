import type { Duplex } from 'node:stream';
import { FRAME_BYTES } from '@troncal/audio';
import { audioMessages, commandOf, parseMediaEvent, reportOf, type LegOrder } from '@troncal/media-protocols';
import type { Logger } from '@troncal/observability';
import type { WebSocket } from 'ws';
import type { G711 } from '../engine/voice-engine.js';
import { LegLife } from './leg-life.js';
import type { LegHandlers, MediaLeg } from './media-leg.js';

/** Unsent bytes beyond which audio waits: two seconds, plus the commands between. */
const MAX_UNSENT = 32 * 1024;
const START_WITHIN_MS = 5_000;
const PING_MS = 5_000;
/** Messages that can't be read before the peer is taken for something else than Asterisk. */
const MAX_UNREADABLE = 10;
const BINARY = { binary: true } as const;

/**
 * One chan_websocket connection with an error boundary around it: junk closes this leg, and so does any exception of its owner. Pings by
 * itself, since a caller who is silent sends no frames and the absence of audio says nothing (Asterisk 22.9 and later).
 */
export class WebSocketLeg implements MediaLeg {
  private readonly life: LegLife;
  private readonly timers: NodeJS.Timeout[];
  private started = false;
  private alive = true;
  private unreadable = 0;
  private full = false;

  constructor(
    readonly legId: string,
    private readonly socket: WebSocket,
    /** What carries it. */
    private readonly wire: Duplex,
    private readonly format: G711,
    private readonly logger: Logger,
  ) {
    this.life = new LegLife(legId, logger, (reason) => this.fail(reason, 1011));
    this.timers = [setInterval(() => this.ping(), PING_MS), setTimeout(() => this.started || this.fail('no MEDIA_START came', 1002), START_WITHIN_MS)];
    socket.on('pong', () => (this.alive = true));
    socket.on('message', (data: Buffer, isBinary) => this.guard(() => this.receive(data, isBinary)));
    // Comes before 'close', for oversize and malformed frames too; 'close' does the rest.
    socket.on('error', (error) => this.logger.warn({ legId, reason: error.message }, 'a media socket failed'));
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
    // Whole messages in one write: a frame in two parts stalls Asterisk's reader ("Websocket seems unresponsive").
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

  private send(order: LegOrder): void {
    if (order.kind !== 'audio') return this.socket.send(commandOf(order));
    for (const bytes of audioMessages(order.bytes, FRAME_BYTES)) this.socket.send(bytes, BINARY, () => this.drained());
  }

  private drained(): void {
    if (this.full && this.writable()) this.guard(() => this.life.writable());
  }

  private receive(data: Buffer, isBinary: boolean): void {
    if (this.life.over) return;
    if (isBinary) return this.life.audio(data);
    const event = parseMediaEvent(data.toString('utf8'));
    if (event.event === 'UNREADABLE') return this.countUnreadable(event.faults);
    if (event.event === 'MEDIA_START') {
      this.started = true;
      if (event.format !== this.format) return this.fail(`the leg speaks ${event.format} and ${this.format} was agreed`, 1003);
    }
    if (event.event === 'ERROR') this.logger.warn({ legId: this.legId, reason: event.error_text.slice(0, 200) }, 'Asterisk reports an error on a media leg');
    const report = reportOf(event);
    if (report !== undefined) this.life.report(report);
  }

  private countUnreadable(faults: readonly string[]): void {
    this.unreadable += 1;
    if (this.unreadable === 1) this.logger.warn({ legId: this.legId, faults }, 'a media socket sends text that cannot be read');
    if (this.unreadable > MAX_UNREADABLE) this.fail('too much text that cannot be read', 1007);
  }

  private ping(): void {
    if (!this.alive) {
      this.socket.terminate();
      return this.finish('no pong');
    }
    this.alive = false;
    this.socket.ping();
  }

  private fail(reason: string, code: number): void {
    if (this.life.over) return;
    this.socket.close(code, reason.slice(0, 120));
    setTimeout(() => this.socket.terminate(), 500).unref();
    this.finish(reason);
  }

  private finish(fault: string | undefined): void {
    if (!this.life.end(fault)) return;
    clearInterval(this.timers[0]);
    clearTimeout(this.timers[1]);
  }
}
