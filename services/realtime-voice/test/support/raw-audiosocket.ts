import { connect, type Socket } from 'node:net';
import { FRAME_BYTES, FRAME_MS, ULAW_SILENCE, ulawSlin } from '@troncal/audio';
import { AudioSocketParser, encodeAudioSocket } from '@troncal/media-protocols';

/** 20 ms of µ-law as the message that app_audiosocket sends. */
export function audioMessage(ulaw: Uint8Array): Uint8Array {
  const slin = new Uint8Array(2 * ulaw.length);
  ulawSlin.decodeInto(ulaw, slin, 0);
  return encodeAudioSocket({ kind: 'audio', rate: 8_000, bytes: slin });
}

/** The other end of an AudioSocket leg with the manners of Asterisk 22.10.1's application: UUID first, a frame each 20 ms, no pacing of what it hears. */
export class RawAudioSocket {
  readonly heard: { readonly atMs: number; readonly bytes: Uint8Array }[] = [];
  /** Times at which the other side asked to hang up. */
  readonly hangups: number[] = [];
  readonly closed: Promise<number>;
  private speech: Uint8Array[] = [];
  private talking = true;

  private constructor(readonly socket: Socket) {
    const parser = new AudioSocketParser({
      audio: (_rate, bytes) => void this.heard.push({ atMs: performance.now(), bytes: ulawSlin.encode(bytes) }),
      hangup: () => void this.hangups.push(performance.now()),
      uuid: () => {},
      digit: () => {},
      error: () => {},
    });
    socket.on('data', (piece: Buffer) => {
      const fault = parser.push(piece);
      if (fault !== undefined) socket.destroy(fault);
    });
    socket.on('error', () => {});
    const began = performance.now();
    let sent = 0;
    const clock = setInterval(() => {
      for (; began + sent * FRAME_MS <= performance.now(); sent += 1) {
        const frame = this.speech.shift() ?? (this.talking ? new Uint8Array(FRAME_BYTES).fill(ULAW_SILENCE) : undefined);
        if (frame !== undefined && !socket.destroyed) socket.write(audioMessage(frame));
      }
    }, 5);
    this.closed = new Promise((resolve) => socket.once('close', () => resolve(performance.now())));
    void this.closed.then(() => clearInterval(clock));
  }

  /** Connects as Asterisk does; whether the leg is let in shows in what follows. */
  static async connect(port: number, legId: string): Promise<RawAudioSocket> {
    const socket = connect({ port, host: '127.0.0.1', noDelay: true });
    await new Promise<void>((resolve, reject) => {
      socket.once('connect', resolve);
      socket.once('error', reject);
    });
    socket.write(encodeAudioSocket({ kind: 'uuid', uuid: legId }));
    return new RawAudioSocket(socket);
  }

  /** The caller speaks: sent at 20 ms a frame, instead of silence. */
  speak(ulaw: Uint8Array): void {
    for (let at = 0; at < ulaw.length; at += FRAME_BYTES) this.speech.push(ulaw.slice(at, at + FRAME_BYTES));
  }

  /** The caller's stream stops altogether. */
  stopStream(): void {
    this.talking = false;
  }

  press(digit: string): void {
    this.socket.write(encodeAudioSocket({ kind: 'dtmf', digit }));
  }

  /** All that was heard, as µ-law bytes; from a time on. */
  audio(fromMs = 0): Buffer {
    return Buffer.concat(this.heard.filter((frame) => frame.atMs >= fromMs).map((frame) => frame.bytes));
  }
}
