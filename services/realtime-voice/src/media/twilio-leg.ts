import type { Duplex } from 'node:stream';
import { parseTwilioStream, TwilioPlayout, TwilioStreamError, TwilioStreamWriter, type LegOrder, type TwilioStart } from '@troncal/media-protocols';
import type { Logger } from '@troncal/observability';
import type { WebSocket } from 'ws';
import { SocketLeg } from './socket-leg.js';

/**
 * One Media Stream of Twilio's: junk closes this leg and no other. Audio goes through as it is, µ-law both ways. Twilio sends audio all the time, silence
 * too: a stream that says nothing and answers no ping is gone.
 */
export class TwilioLeg extends SocketLeg {
  private readonly playout: TwilioPlayout;

  constructor(
    legId: string,
    socket: WebSocket,
    wire: Duplex,
    private readonly start: TwilioStart,
    logger: Logger,
  ) {
    super(legId, socket, wire, logger);
    this.playout = new TwilioPlayout(new TwilioStreamWriter(start.streamSid));
  }

  protected send(order: LegOrder): void {
    for (const text of this.playout.take(order, performance.now())) this.socket.send(text, () => this.drained());
  }

  protected obey(data: Buffer, isBinary: boolean): void {
    this.alive = true;
    const message = isBinary ? new TwilioStreamError('a binary message') : parseTwilioStream(data.toString('utf8'));
    if (message instanceof TwilioStreamError) return this.countUnreadable([message.message]);
    if ('streamSid' in message && message.streamSid !== this.start.streamSid) return this.fail('a message of another stream', 1002);
    switch (message.event) {
      case 'media':
        // Of a stream in both directions Twilio sends the caller's track only.
        if (message.track === 'inbound') this.life.audio(message.bytes);
        return;
      case 'dtmf':
        return this.life.report({ kind: 'digit', digit: message.digit });
      case 'mark': {
        const report = this.playout.markCame(message.name, performance.now());
        if (report !== undefined) this.life.report(report);
        return;
      }
      case 'stop':
        return this.life.report({ kind: 'gone' });
      case 'connected':
      case 'start':
        return this.fail(`a second '${message.event}'`, 1002);
      case 'unknown':
    }
  }
}
