import WebSocket from 'ws';

/** An event as it came over the wire. */
export interface WireEvent {
  readonly type: string;
  readonly [field: string]: unknown;
}

/** A bare client of the protocol: no library between the test and the wire. */
export class RealtimeClient {
  readonly events: WireEvent[] = [];
  readonly closed: Promise<{ code: number; reason: string }>;
  private readonly waiting = new Set<() => void>();

  private constructor(readonly socket: WebSocket) {
    socket.on('message', (data: Buffer) => {
      this.events.push(parse(data.toString('utf8')));
      for (const wake of this.waiting) wake();
    });
    this.closed = new Promise((resolve) => socket.once('close', (code, reason) => resolve({ code, reason: reason.toString() })));
    socket.on('error', () => {});
  }

  /** Opens a session; rejects with the HTTP status when refused. */
  static async open(url: string, headers: Record<string, string> = { authorization: 'Bearer test' }): Promise<RealtimeClient> {
    const socket = new WebSocket(url, ['realtime'], { headers });
    const client = new RealtimeClient(socket);
    await new Promise<void>((resolve, reject) => {
      socket.once('open', resolve);
      socket.once('unexpected-response', (_, response) => reject(new Error(`refused with ${response.statusCode}`)));
      socket.once('error', reject);
    });
    return client;
  }

  send(event: Record<string, unknown>): void {
    this.socket.send(JSON.stringify(event));
  }

  /** The first event, from `from` on, that fits; waits for it. */
  async until(fits: string | ((event: WireEvent) => boolean), from = 0, ms = 10_000): Promise<WireEvent> {
    const matches = typeof fits === 'string' ? (event: WireEvent): boolean => event.type === fits : fits;
    return new Promise((resolve, reject) => {
      const stop = (): void => {
        clearTimeout(timer);
        this.waiting.delete(look);
      };
      const look = (): void => {
        const found = this.events.slice(from).find(matches);
        if (found === undefined) return;
        stop();
        resolve(found);
      };
      const timer = setTimeout(() => {
        stop();
        reject(new Error(`no such event in ${ms} ms: ${String(fits)}; got ${this.events.map((event) => event.type).join(', ')}`));
      }, ms);
      this.waiting.add(look);
      look();
    });
  }

  /** Sends audio in appends of 20 ms, as fast as it goes. */
  speak(wire: Uint8Array, frameBytes = 160): void {
    for (let at = 0; at < wire.length; at += frameBytes) this.send({ type: 'input_audio_buffer.append', audio: Buffer.from(wire.subarray(at, at + frameBytes)).toString('base64') });
  }

  /** All audio received from event `from` on. */
  audio(from = 0): Buffer {
    return Buffer.concat(this.events.slice(from).filter((event) => event.type === 'response.output_audio.delta').map((event) => Buffer.from(String(event['delta']), 'base64')));
  }

  close(): void {
    this.socket.terminate();
  }
}

function parse(text: string): WireEvent {
  try {
    return JSON.parse(text) as WireEvent;
  } catch {
    return { type: '(garbage)', text };
  }
}
