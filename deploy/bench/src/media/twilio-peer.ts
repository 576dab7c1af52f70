import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { WebSocket } from 'ws';
import type { MediaPeer } from './media-peers.js';
import { PlayedQueue } from './played-queue.js';
import { stampFrame } from './stamped-frame.js';

/** Audio that Twilio holds before it must have something to play. */
const PRELOAD_FRAMES = 5;

interface Message {
  readonly event: string;
  readonly media?: { readonly payload: string };
  readonly mark?: { readonly name: string };
}

/** A leg as Twilio's Media Streams hold it: 20 ms of the caller a message, what comes is queued and played a frame each 20 ms, marks come back. */
export class TwilioPeer implements MediaPeer {
  private readonly streamSid = `MZ${randomBytes(16).toString('hex')}`;
  private readonly queue = new PlayedQueue(PRELOAD_FRAMES, (name) => this.giveBack(name));
  private sequence = 0;

  private constructor(private readonly socket: WebSocket) {
    socket.on('error', () => {});
    socket.on('message', (data: Buffer) => this.take(JSON.parse(data.toString()) as Message));
  }

  static async open(streamUrl: string, legId: string): Promise<TwilioPeer> {
    const socket = new WebSocket(streamUrl, { perMessageDeflate: false });
    const peer = new TwilioPeer(socket);
    await once(socket, 'open');
    const { streamSid } = peer;
    socket.send(JSON.stringify({ event: 'connected', protocol: 'Call', version: '1.0.0' }));
    peer.tell('start', { start: { accountSid: 'AC0', streamSid, callSid: `CA${randomBytes(16).toString('hex')}`, tracks: ['inbound'], mediaFormat: { encoding: 'audio/x-mulaw', sampleRate: 8_000, channels: 1 }, customParameters: { leg: legId } } });
    return peer;
  }

  tick(): boolean | undefined {
    this.tell('media', { media: { track: 'inbound', chunk: String(this.sequence), timestamp: String(this.sequence * 20), payload: stampFrame().toString('base64') } });
    return this.queue.tick();
  }

  takeAges(): number[] {
    return this.queue.takeAges();
  }

  takeFrames(): number {
    return this.queue.takeFrames();
  }

  close(): void {
    this.socket.terminate();
  }

  private take({ event, media, mark }: Message): void {
    if (media) this.queue.add(Buffer.from(media.payload, 'base64'));
    if (mark) this.queue.mark(mark.name);
    if (event === 'clear') for (const name of this.queue.clear()) this.giveBack(name);
  }

  private giveBack(name: string): void {
    this.tell('mark', { mark: { name } });
  }

  private tell(event: string, more: object): void {
    this.sequence++;
    if (this.socket.readyState === WebSocket.OPEN) this.socket.send(JSON.stringify({ event, sequenceNumber: String(this.sequence), streamSid: this.streamSid, ...more }));
  }
}
