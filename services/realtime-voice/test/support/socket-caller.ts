import { FRAME_BYTES, FRAME_MS, ULAW_SILENCE } from '@troncal/audio';
import type { WebSocket } from 'ws';

/** A caller without SIP: a chan_websocket leg that we dial into a real Asterisk (`connection_type=server`). Sends µ-law every 20 ms and notes what arrives and when. */
export class SocketCaller {
  readonly heard: { readonly atMs: number; readonly bytes: Buffer }[] = [];
  private speech: Buffer[] = [];
  private muted = false;
  private readonly timer: NodeJS.Timeout;

  /** @param socket open, at `/media/<MEDIA_WEBSOCKET_CONNECTION_ID>` of Asterisk's HTTP port, subprotocol `media` */
  constructor(private readonly socket: WebSocket) {
    socket.on('message', (data: Buffer, isBinary) => isBinary && this.heard.push({ atMs: performance.now(), bytes: data }));
    socket.on('error', () => {});
    const began = performance.now();
    let sent = 0;
    this.timer = setInterval(() => {
      for (; began + sent * FRAME_MS <= performance.now(); sent += 1) if (!this.muted || this.speech.length > 0) socket.send(this.speech.shift() ?? Buffer.alloc(FRAME_BYTES, ULAW_SILENCE));
    }, 5);
  }

  /** Sends nothing at all, not even silence, as a phone with silence suppression. */
  mute(): void {
    this.muted = true;
  }

  unmute(): void {
    this.muted = false;
  }

  speak(ulaw: Uint8Array): void {
    for (let at = 0; at < ulaw.length; at += FRAME_BYTES) this.speech.push(Buffer.from(ulaw.subarray(at, at + FRAME_BYTES)));
  }

  audio(fromMs = 0): Buffer {
    return Buffer.concat(this.heard.filter((frame) => frame.atMs >= fromMs).map((frame) => frame.bytes));
  }

  close(): void {
    clearInterval(this.timer);
    this.socket.close();
  }
}
