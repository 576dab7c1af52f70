import { createServer } from 'node:http';
import { concatBytes } from '@troncal/audio';
import { listen, type Listening } from '@troncal/simulator-program';
import { WebSocketPeer } from './websocket-peer.js';

interface StreamMessage {
  readonly event: string;
  readonly sequenceNumber?: string;
  readonly streamSid?: string;
  readonly start?: Readonly<Record<string, unknown>>;
  readonly media?: { readonly track: string; readonly chunk: string; readonly timestamp: string; readonly payload: string };
  readonly mark?: { readonly name: string };
  readonly dtmf?: { readonly digit: string };
}

/** A customer's media server: keeps what comes over the latest stream, and says what it is told to. */
export class StreamServer {
  readonly messages: StreamMessage[] = [];
  readonly signatures: (string | undefined)[] = [];
  private socket: WebSocketPeer | undefined;

  private constructor(private readonly listening: Listening) {}

  static async start(): Promise<StreamServer> {
    const server = createServer();
    const made = new StreamServer(await listen(server));
    server.on('upgrade', (request, socket) => {
      const peer = WebSocketPeer.accept(request, socket);
      made.socket = peer;
      made.signatures.push(request.headers['x-twilio-signature'] as string | undefined);
      peer.onText = (text) => made.messages.push(JSON.parse(text) as StreamMessage);
    });
    return made;
  }

  get url(): string {
    return `ws://${this.listening.at}`;
  }

  of(event: string): StreamMessage[] {
    return this.messages.filter((message) => message.event === event);
  }

  /** The last audio of a track, as µ-law. */
  heard(track: string, frames: number): Uint8Array {
    return concatBytes(this.of('media').filter(({ media }) => media?.track === track).slice(-frames).map(({ media }) => Buffer.from(media!.payload, 'base64')));
  }

  say(message: Readonly<Record<string, unknown>>): void {
    this.socket?.send(JSON.stringify({ streamSid: this.of('start')[0]?.streamSid, ...message }));
  }

  play(ulaw: Uint8Array): void {
    this.say({ event: 'media', media: { payload: Buffer.from(ulaw).toString('base64') } });
  }

  /** What isn't a message of the protocol. */
  mumble(data: string | Uint8Array): void {
    if (typeof data === 'string') this.socket?.send(data);
    else this.socket?.sendBinary(data);
  }

  hangUp(): void {
    this.socket?.close();
  }

  close(): Promise<void> {
    return this.listening.close();
  }
}
