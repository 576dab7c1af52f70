import type { Duplex } from 'node:stream';
import { FRAME_BYTES } from '@troncal/audio';
import { audioMessages, commandOf, parseMediaEvent, reportOf, type LegOrder } from '@troncal/media-protocols';
import type { Logger } from '@troncal/observability';
import type { WebSocket } from 'ws';
import type { G711 } from '../engine/voice-engine.js';
import { SocketLeg } from './socket-leg.js';

const START_WITHIN_MS = 5_000;
const BINARY = { binary: true } as const;

/**
 * One chan_websocket connection: junk closes this leg and no other. Only a pong shows that Asterisk is there, since a caller who is silent sends no frames
 * and the absence of audio says nothing (Asterisk 22.9 and later).
 */
export class WebSocketLeg extends SocketLeg {
  private started = false;

  constructor(
    legId: string,
    socket: WebSocket,
    wire: Duplex,
    private readonly format: G711,
    logger: Logger,
  ) {
    super(legId, socket, wire, logger);
    const late = setTimeout(() => this.started || this.fail('no MEDIA_START came', 1002), START_WITHIN_MS);
    // Comes before 'close', for oversize and malformed frames too; 'close' does the rest.
    socket.on('error', (error) => logger.warn({ legId, reason: error.message }, 'a media socket failed'));
    socket.on('close', () => clearTimeout(late));
  }

  protected send(order: LegOrder): void {
    if (order.kind !== 'audio') return this.socket.send(commandOf(order));
    for (const bytes of audioMessages(order.bytes, FRAME_BYTES)) this.socket.send(bytes, BINARY, () => this.drained());
  }

  protected obey(data: Buffer, isBinary: boolean): void {
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
}
