import type { Socket } from 'node:net';
import { alawSlin, ALAW_SILENCE, FRAME_BYTES, ulawSlin, ULAW_SILENCE, type SlinCodec } from '@troncal/audio';
import { AUDIOSOCKET_FRAME_BYTES, AudioSocketFrames, AudioSocketParser, encodeAudioSocket, PacedQueue, QUEUE_LEVELS, type LegOrder } from '@troncal/media-protocols';
import type { Logger } from '@troncal/observability';
import type { G711 } from '../engine/voice-engine.js';
import type { FramePacer, PacedLeg } from './frame-pacer.js';
import { LegLife } from './leg-life.js';
import type { LegHandlers, MediaLeg } from './media-leg.js';

/** What each law needs, made once: frames are views on it. */
interface Law {
  readonly codec: SlinCodec;
  readonly frames: AudioSocketFrames;
  readonly silence: Uint8Array;
}

function lawOf(codec: SlinCodec, silence: number): Law {
  const frames = new AudioSocketFrames(codec);
  return { codec, frames, silence: frames.of(new Uint8Array(FRAME_BYTES).fill(silence)) };
}

const LAWS: Readonly<Record<G711, Law>> = { ulaw: lawOf(ulawSlin, ULAW_SILENCE), alaw: lawOf(alawSlin, ALAW_SILENCE) };
const HANGUP = encodeAudioSocket({ kind: 'hangup' });
const RATE = 8_000;
/** Unsent bytes, 4 s, beyond the kernel's own, at which the peer counts as one that doesn't read. */
const MAX_UNSENT = 64 * 1024;
/** Asterisk sends 320 bytes at a time. */
const MAX_PAYLOAD = 4_096;
/** Frame times without anything said after which silence is sent, 500 ms: app_audiosocket ends after 2,000 ms without a message either way. */
const KEEP_ALIVE_TICKS = 25;

/**
 * One AudioSocket connection with an error boundary around it: junk closes this leg, and so does any exception of its owner. Does here what Asterisk
 * does for a chan_websocket leg: queues, paces by the process's one clock, and answers marks.
 */
export class AudioSocketLeg implements MediaLeg, PacedLeg {
  private readonly life: LegLife;
  private readonly law: Law;
  private readonly queue: PacedQueue;
  private readonly parser: AudioSocketParser;
  private quietTicks = 0;

  constructor(
    readonly legId: string,
    private readonly socket: Socket,
    format: G711,
    private readonly pacer: FramePacer,
    private readonly logger: Logger,
  ) {
    this.law = LAWS[format];
    this.life = new LegLife(legId, logger, (reason) => this.fail(reason));
    this.queue = new PacedQueue((g711) => this.law.frames.of(g711), AUDIOSOCKET_FRAME_BYTES, (report) => this.life.report(report));
    this.parser = new AudioSocketParser(
      {
        audio: (rate, bytes) => (rate === RATE ? this.life.audio(this.law.codec.encode(bytes)) : this.fail(`the leg speaks ${rate} Hz and ${RATE} was agreed`)),
        digit: (digit) => this.life.report({ kind: 'digit', digit }),
        hangup: () => this.finish(undefined),
        uuid: () => this.fail('a second UUID came'),
        error: () => this.fail('Asterisk reports an error'),
      },
      MAX_PAYLOAD,
    );
    socket.on('data', (piece: Buffer) => this.receive(piece));
    // Comes before 'close', which does the rest.
    socket.on('error', (error) => this.logger.warn({ legId, reason: error.message }, 'a media connection failed'));
    socket.on('close', () => this.finish(undefined));
    pacer.add(this);
  }

  handle(handlers: LegHandlers): void {
    this.life.handle(handlers);
  }

  guard(work: () => void): void {
    this.life.guard(work);
  }

  /** Always room for what the owner may have ahead: the queue here is bounded, and a peer that doesn't read loses its leg. */
  writable(): boolean {
    return !this.life.over && this.queue.length < QUEUE_LEVELS.xoff;
  }

  write(orders: readonly LegOrder[]): void {
    if (!this.life.over) for (const order of orders) this.queue.take(order);
  }

  /** A piece of the stream. */
  receive(piece: Buffer): void {
    this.pacer.look();
    if (this.life.over) return;
    this.guard(() => {
      const fault = this.parser.push(piece);
      if (fault !== undefined) this.fail(fault.message);
    });
  }

  tick(): void {
    if (this.life.over) return;
    this.guard(() => {
      const frame = this.queue.next();
      this.quietTicks = frame === undefined ? this.quietTicks + 1 : 0;
      if (frame !== undefined) this.send(frame);
      else if (this.quietTicks >= KEEP_ALIVE_TICKS) this.send(this.law.silence);
    });
  }

  close(reason: string): void {
    if (this.life.over) return;
    this.logger.debug({ legId: this.legId, reason }, 'a media leg is ended');
    this.socket.end(HANGUP);
    this.finish(undefined);
    setTimeout(() => this.socket.destroy(), 1_000).unref();
  }

  private send(frame: Uint8Array): void {
    // The owner may have ended the leg within `next`.
    if (this.life.over) return;
    this.quietTicks = 0;
    this.socket.write(frame);
    if (this.socket.writableLength > MAX_UNSENT) this.fail('the peer does not read');
  }

  private fail(reason: string): void {
    if (this.life.over) return;
    this.socket.destroy();
    this.finish(reason);
  }

  private finish(fault: string | undefined): void {
    this.pacer.remove(this);
    if (!this.life.end(fault)) return;
    if (fault === undefined && !this.socket.destroyed) this.socket.end();
  }
}
