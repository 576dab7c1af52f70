import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { ulawSlin } from '@troncal/audio';
import { AudioSocketFrames, AudioSocketParser, encodeAudioSocket } from '@troncal/media-protocols';
import type { MediaPeer } from './media-peers.js';
import { agesOf, stampFrame } from './stamped-frame.js';

const frames = new AudioSocketFrames(ulawSlin);
/** What Asterisk's mixer holds of a leg that comes in time, and a frame more for the jitter of two processes on a shared machine. */
const PRELOAD_FRAMES = 2;

/** A leg as app_audiosocket and the mixer behind it hold it: what comes is played a frame each 20 ms, and the other side times it. */
export class AudioSocketPeer implements MediaPeer {
  private queued = 0;
  private playing = false;
  private arrived = 0;

  private constructor(private readonly socket: Socket) {
    const nothing = (): void => {};
    const parser = new AudioSocketParser({
      audio: (_rate, bytes) => {
        this.queued++;
        // Silence carries no time: it is what keeps an idle leg alive.
        this.arrived += agesOf(Buffer.from(ulawSlin.encode(bytes))).length;
      },
      uuid: nothing, digit: nothing, hangup: nothing, error: nothing,
    });
    socket.on('error', () => {});
    socket.on('data', (piece: Buffer) => void parser.push(piece));
  }

  static async open(port: number, legId: string): Promise<AudioSocketPeer> {
    const socket = connect({ host: '127.0.0.1', port, noDelay: true });
    const peer = new AudioSocketPeer(socket);
    await once(socket, 'connect');
    socket.write(encodeAudioSocket({ kind: 'uuid', uuid: legId }));
    return peer;
  }

  tick(): boolean | undefined {
    this.socket.write(frames.of(stampFrame()));
    if (!this.playing) this.playing = this.queued >= PRELOAD_FRAMES;
    if (!this.playing) return undefined;
    if (this.queued === 0) {
      this.playing = false;
      return false;
    }
    this.queued--;
    return true;
  }

  /** How long a frame waited for its turn says nothing about the program: it does so with chan_websocket too, but inside Asterisk. */
  takeAges(): number[] {
    return [];
  }

  takeFrames(): number {
    const taken = this.arrived;
    this.arrived = 0;
    return taken;
  }

  close(): void {
    this.socket.destroy();
  }
}
