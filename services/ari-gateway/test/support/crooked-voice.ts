import { once } from 'node:events';
import { createServer, type Server, type Socket } from 'node:net';
import { tone } from '@troncal/audio';
import { AttachV1, DetachV1, LegTakenV1, SummariseV1, type CommandDefinition } from '@troncal/contracts';
import { AudioSocketParser, encodeAudioSocket, slinOfSamples } from '@troncal/media-protocols';
import { Bus } from '@troncal/messaging';
import { createLogger } from '@troncal/observability';
import type { NatsServer } from '@troncal/testing';

/** What a connection meets: an agent who says a tone for ever, or one that accepts and neither reads nor writes. */
export type Manners = 'speaks' | 'freezes';

/** A whole number of periods in a frame. */
export const AGENT_HZ = 600;
const FRAME = encodeAudioSocket({ kind: 'audio', rate: 8_000, bytes: slinOfSamples(tone(AGENT_HZ, 20)) });

type Connection = Awaited<ReturnType<Bus['connection']>>;

interface Line {
  readonly socket: Socket;
  heard: number;
  digits: string;
}

/** Stands for realtime-voice with legs over AudioSocket, and can misbehave on the wire as a real one that is killed or stuck would. */
export class CrookedVoice {
  manners: Manners = 'speaks';
  /** Requests by command, as they came. */
  readonly asked: { readonly subject: string; readonly data: Readonly<Record<string, unknown>> }[] = [];
  readonly lines = new Map<string, Line>();
  private readonly sockets = new Set<Socket>();
  private server: Server;
  private dead = false;
  private bus: Bus | undefined;
  private readonly clock: NodeJS.Timeout;

  private constructor(readonly port: number) {
    this.server = this.listener();
    let sent = 0;
    const began = performance.now();
    this.clock = setInterval(() => {
      for (; began + sent * 20 <= performance.now(); sent += 1) for (const { socket } of this.lines.values()) if (!socket.destroyed) socket.write(FRAME);
    }, 5);
  }

  static async start(port: number): Promise<CrookedVoice> {
    const voice = new CrookedVoice(port);
    await voice.listen();
    return voice;
  }

  /** Answers the gateway's commands. */
  async serve(nats: NatsServer): Promise<void> {
    this.bus = new Bus({ ...nats.login('realtime-voice'), logger: createLogger({ service: 'realtime-voice', level: 'silent' }) });
    this.bus.start();
    const connection = await this.bus.connection();
    this.answer(connection, AttachV1, () => ({ conversationId: '01M7Y7WNB85NY8R7XQQTCX8MRD', engine: 'scripted' }));
    this.answer(connection, LegTakenV1, ({ legId }) => ({ taken: this.lines.has(String(legId)) }));
    this.answer(connection, DetachV1, () => ({ detached: true }));
    this.answer(connection, SummariseV1, () => ({ summary: '' }));
    await connection.flush();
  }

  /**
   * Nobody listens any more, what is connected is cut off, and no question is answered: kill -9. It mustn't answer: Asterisk would be told to connect, and one whose AudioSocket is refused
   * closes a descriptor that may be another's by then (22.10.1, `ast_audiosocket_connect`: twice `close` after the last address), which made a bridge deaf.
   */
  async die(): Promise<void> {
    this.dead = true;
    const closed = new Promise<void>((resolve) => this.server.close(() => resolve()));
    for (const socket of this.sockets) socket.resetAndDestroy();
    this.lines.clear();
    await closed;
  }

  async rise(): Promise<void> {
    this.dead = false;
    this.server = this.listener();
    await this.listen();
  }

  /** Half a frame, and a reset. */
  breakOff(legId: string): void {
    const line = this.lines.get(legId);
    this.lines.delete(legId);
    line?.socket.write(FRAME.subarray(0, 100), () => line.socket.resetAndDestroy());
  }

  /** The leg ends in good order. */
  hangUp(legId: string): void {
    const line = this.lines.get(legId);
    this.lines.delete(legId);
    line?.socket.end(encodeAudioSocket({ kind: 'hangup' }));
  }

  async close(): Promise<void> {
    clearInterval(this.clock);
    await this.bus?.close();
    await this.die();
  }

  private listener(): Server {
    return createServer({ noDelay: true }, (socket) => {
      this.sockets.add(socket);
      socket.on('close', () => this.sockets.delete(socket));
      socket.on('error', () => {});
      if (this.manners === 'freezes') return void socket.pause();
      const line: Line = { socket, heard: 0, digits: '' };
      const parser = new AudioSocketParser({
        uuid: (legId) => void this.lines.set(legId, line),
        audio: () => void (line.heard += 1),
        digit: (digit) => void (line.digits += digit),
        hangup: () => {},
        error: () => {},
      });
      socket.on('data', (piece: Buffer) => void parser.push(piece));
    });
  }

  private async listen(): Promise<void> {
    this.server.listen(this.port, '127.0.0.1');
    await once(this.server, 'listening');
  }

  private answer(connection: Connection, command: CommandDefinition, reply: (data: Readonly<Record<string, unknown>>) => object): void {
    connection.subscribe(command.subject, {
      callback: (_, message) => {
        const { data, id } = message.json<{ data: Record<string, unknown>; id: string }>();
        this.asked.push({ subject: command.subject, data });
        if (this.dead) return;
        message.respond(JSON.stringify({ id, response: { ok: true, data: reply(data) }, isDisposed: true }));
      },
    });
  }
}
