import { parseMediaEvent, type MediaEvent, type MediaMessage } from '@troncal/media-protocols';
import type { Logger } from '@troncal/observability';
import type { WebSocket } from 'ws';
import type { PlayoutSink } from '../dialogue/playout.js';
import type { G711 } from '../engine/voice-engine.js';

/** What a leg tells its owner. Whatever a handler throws ends this leg and no other. */
export interface LegHandlers {
  audio(frame: Uint8Array): void;
  event(event: MediaEvent): void;
  writable(): void;
  /** Once, and nothing after it. `fault` when the leg was closed for bad behaviour or a fault of ours. */
  closed(fault: string | undefined): void;
}

/** Unsent bytes beyond which audio waits: two seconds, plus the commands between. */
const MAX_UNSENT = 32 * 1024;
const START_WITHIN_MS = 5_000;
const PING_MS = 5_000;
/** Messages that can't be read before the peer is taken for something else than Asterisk. */
const MAX_UNREADABLE = 10;

/**
 * One chan_websocket connection with an error boundary around it: junk closes this leg, and so does any exception of its owner. Pings by
 * itself, since a caller who is silent sends no frames and the absence of audio says nothing (Asterisk 22.9 and later).
 */
export class MediaLeg implements PlayoutSink {
  private handlers: LegHandlers | undefined;
  private readonly timers: NodeJS.Timeout[];
  private started = false;
  private alive = true;
  private unreadable = 0;
  private full = false;
  private over = false;

  constructor(
    readonly legId: string,
    private readonly socket: WebSocket,
    private readonly format: G711,
    private readonly logger: Logger,
  ) {
    this.timers = [setInterval(() => this.ping(), PING_MS), setTimeout(() => this.started || this.fail('no MEDIA_START came', 1002), START_WITHIN_MS)];
    socket.on('pong', () => (this.alive = true));
    socket.on('message', (data: Buffer, isBinary) => this.guard(() => this.receive(data, isBinary)));
    // Comes before 'close', for oversize and malformed frames too; 'close' does the rest.
    socket.on('error', (error) => this.logger.warn({ legId, reason: error.message }, 'a media socket failed'));
    socket.on('close', () => this.finish(undefined));
  }

  /** Sets who listens. Call it in the same tick as the socket came, or messages are lost. */
  handle(handlers: LegHandlers): void {
    this.handlers = handlers;
  }

  writable(): boolean {
    this.full = this.socket.bufferedAmount > MAX_UNSENT;
    return !this.over && !this.full;
  }

  write(message: MediaMessage): void {
    if (this.over) return;
    // One message, one write: a frame in two parts stalls Asterisk's reader ("Websocket seems unresponsive").
    if (message.kind === 'audio') this.socket.send(message.bytes, { binary: true }, () => this.drained());
    else this.socket.send(message.text);
  }

  /** Ends the leg in good order. */
  close(code: number, reason: string): void {
    if (this.over) return;
    this.socket.close(code, reason);
    setTimeout(() => this.socket.terminate(), 1_000).unref();
    this.finish(undefined);
  }

  private drained(): void {
    if (this.full && this.writable()) this.guard(() => this.handlers?.writable());
  }

  private receive(data: Buffer, isBinary: boolean): void {
    if (this.over) return;
    if (isBinary) return this.handlers?.audio(data);
    const event = parseMediaEvent(data.toString('utf8'));
    if (event.event === 'UNREADABLE') return this.countUnreadable(event.faults);
    if (event.event === 'MEDIA_START') {
      this.started = true;
      if (event.format !== this.format) return this.fail(`the leg speaks ${event.format} and ${this.format} was agreed`, 1003);
    }
    if (event.event === 'ERROR') this.logger.warn({ legId: this.legId, reason: event.error_text.slice(0, 200) }, 'Asterisk reports an error on a media leg');
    this.handlers?.event(event);
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

  /** The error boundary: nothing that happens in one call reaches the event loop's other calls. */
  guard(work: () => void): void {
    try {
      work();
    } catch (error) {
      this.logger.error({ err: error, legId: this.legId }, 'a call failed inside; its media leg is closed');
      this.fail('an internal fault', 1011);
    }
  }

  private fail(reason: string, code: number): void {
    if (this.over) return;
    this.socket.close(code, reason.slice(0, 120));
    setTimeout(() => this.socket.terminate(), 500).unref();
    this.finish(reason);
  }

  private finish(fault: string | undefined): void {
    if (this.over) return;
    this.over = true;
    clearInterval(this.timers[0]);
    clearTimeout(this.timers[1]);
    try {
      this.handlers?.closed(fault);
    } catch (error) {
      this.logger.error({ err: error, legId: this.legId }, 'a call could not be closed cleanly');
    }
  }
}
