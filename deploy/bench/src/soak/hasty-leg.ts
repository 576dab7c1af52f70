import { setTimeout as sleep } from 'node:timers/promises';
import WebSocket from 'ws';

/** A frame of G.711: 20 ms. */
const FRAME_BYTES = 160;
/** Nothing was sent for so long: the agent has said what it had to say. */
const QUIET_MS = 60;
const PATIENCE_MS = 30_000;

/** The other end of a media leg in a hurry: what it is sent is played at once, what it says is sent at once, so that a call takes a fraction of a second. */
export class HastyLeg {
  /** Bytes of the agent's voice so far. */
  heard = 0;
  private lastAt = performance.now();

  private constructor(private readonly socket: WebSocket) {
    socket.on('error', () => {});
    socket.on('message', (data: Buffer, isBinary) => this.take(data, isBinary));
  }

  /** Resolves when the leg is admitted; rejects with the status of a refusal. */
  static async open(url: string): Promise<HastyLeg> {
    const socket = new WebSocket(url, ['media']);
    const leg = new HastyLeg(socket);
    await new Promise<void>((resolve, reject) => {
      socket.once('open', resolve);
      socket.once('unexpected-response', (_, response) => reject(new Error(`refused with ${response.statusCode}`)));
      socket.once('error', reject);
    });
    leg.say({ event: 'MEDIA_START', connection_id: 'voice', channel: 'WebSocket/soak', channel_id: 'soak', format: 'ulaw', optimal_frame_size: FRAME_BYTES, ptime: 20, channel_variables: {} });
    return leg;
  }

  get open(): boolean {
    return this.socket.readyState === WebSocket.OPEN;
  }

  /** The caller's audio, all at once. */
  speak(ulaw: Uint8Array): void {
    for (let at = 0; at < ulaw.length; at += FRAME_BYTES) this.socket.send(ulaw.subarray(at, at + FRAME_BYTES));
  }

  /** Resolves when more of the agent was heard, and it has fallen silent; also when the leg is gone. */
  async listen(): Promise<void> {
    const before = this.heard;
    for (const until = performance.now() + PATIENCE_MS; this.open; await sleep(10)) {
      if (this.heard > before && performance.now() - this.lastAt > QUIET_MS) return;
      if (performance.now() > until) throw new Error(`the agent said nothing within ${PATIENCE_MS} ms`);
    }
  }

  /** Ends it; `rudely` without a goodbye. */
  close(rudely = false): void {
    if (rudely) this.socket.terminate();
    else this.socket.close(1000);
  }

  private take(data: Buffer, isBinary: boolean): void {
    if (isBinary) {
      this.heard += data.length;
      this.lastAt = performance.now();
      return;
    }
    const { command, correlation_id: mark } = JSON.parse(data.toString('utf8')) as { command: string; correlation_id?: string };
    if (command === 'MARK_MEDIA') this.say({ event: 'MEDIA_MARK_PROCESSED', channel_id: 'soak', correlation_id: mark });
  }

  private say(event: object): void {
    if (this.open) this.socket.send(JSON.stringify(event));
  }
}
