import { once } from 'node:events';
import { WebSocket } from 'ws';
import type { MediaPeer } from './media-peers.js';
import { agesOf, FRAME_BYTES, stampFrame } from './stamped-frame.js';

/** Audio that Asterisk holds before it must have something to play; below it a listener hears a gap. */
const PRELOAD_FRAMES = 5;

/** A leg as chan_websocket holds it: queues what comes, plays a frame each 20 ms, answers marks. */
export class WebSocketPeer implements MediaPeer {
  private queued = 0;
  private playing = false;
  private marks: { readonly id: string; after: number }[] = [];
  private ages: number[] = [];
  private frames = 0;

  private constructor(private readonly socket: WebSocket) {
    socket.on('error', () => {});
    socket.on('message', (data: Buffer, isBinary) => (isBinary ? this.audio(data) : this.obey(JSON.parse(data.toString()) as { command: string; correlation_id?: string })));
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
    if (!this.playing) this.playing = this.queued >= PRELOAD_FRAMES;
    if (!this.playing) return undefined;
    if (this.queued === 0) {
      this.playing = false;
      return false;
    }
    this.queued--;
    for (const mark of this.marks) mark.after--;
    while (this.marks[0] !== undefined && this.marks[0].after <= 0) this.say({ event: 'MEDIA_MARK_PROCESSED', channel_id: 'bench', correlation_id: this.marks.shift()?.id });
    return true;
  }

  takeAges(): number[] {
    return this.ages.splice(0);
  }

  takeFrames(): number {
    const taken = this.frames;
    this.frames = 0;
    return taken;
  }

  close(): void {
    this.socket.terminate();
  }

  private audio(data: Buffer): void {
    const ages = agesOf(data);
    this.queued += Math.floor(data.length / FRAME_BYTES);
    this.frames += ages.length;
    this.ages.push(...ages);
  }

  private obey({ command, correlation_id: id }: { readonly command: string; readonly correlation_id?: string }): void {
    if (command === 'MARK_MEDIA') this.marks.push({ id: id ?? '', after: this.queued });
    if (command === 'FLUSH_MEDIA') {
      this.queued = 0;
      this.marks = [];
    }
  }

  private say(event: object): void {
    if (this.socket.readyState === WebSocket.OPEN) this.socket.send(JSON.stringify(event));
  }
}
