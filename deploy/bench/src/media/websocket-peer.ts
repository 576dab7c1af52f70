import { once } from 'node:events';
import { WebSocket } from 'ws';
import type { MediaPeer } from './media-peers.js';
import { PlayedQueue } from './played-queue.js';
import { FRAME_BYTES, stampFrame } from './stamped-frame.js';

/** Audio that Asterisk holds before it must have something to play. */
const PRELOAD_FRAMES = 5;

/** A leg as chan_websocket holds it: queues what comes, plays a frame each 20 ms, answers marks. */
export class WebSocketPeer implements MediaPeer {
  private readonly queue = new PlayedQueue(PRELOAD_FRAMES, (id) => this.say({ event: 'MEDIA_MARK_PROCESSED', channel_id: 'bench', correlation_id: id }));

  private constructor(private readonly socket: WebSocket) {
    socket.on('error', () => {});
    socket.on('message', (data: Buffer, isBinary) => (isBinary ? this.queue.add(data) : this.obey(JSON.parse(data.toString()) as { command: string; correlation_id?: string })));
  }

  static async open(mediaUrl: string, legId: string): Promise<WebSocketPeer> {
    const socket = new WebSocket(`${mediaUrl}?leg=${legId}`, ['media'], { perMessageDeflate: false });
    const peer = new WebSocketPeer(socket);
    await once(socket, 'open');
    peer.say({ event: 'MEDIA_START', connection_id: 'voice', channel: 'WebSocket/bench', channel_id: 'bench', format: 'ulaw', optimal_frame_size: FRAME_BYTES, ptime: 20, channel_variables: {} });
    return peer;
  }

  tick(): boolean | undefined {
    this.socket.send(stampFrame());
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

  private obey({ command, correlation_id: id }: { readonly command: string; readonly correlation_id?: string }): void {
    if (command === 'MARK_MEDIA') this.queue.mark(id ?? '');
    // Asterisk forgets the marks of what it drops.
    if (command === 'FLUSH_MEDIA') this.queue.clear();
  }

  private say(event: object): void {
    if (this.socket.readyState === WebSocket.OPEN) this.socket.send(JSON.stringify(event));
  }
}
