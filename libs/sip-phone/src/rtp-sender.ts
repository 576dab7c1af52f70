import { alawToUlaw, FRAME_BYTES, FRAME_MS, splitFrames, ULAW_SILENCE, ulawToAlaw } from '@troncal/audio';
import { randomBytes } from 'node:crypto';
import { formatRtp, formatTelephoneEvent } from './rtp-packet.js';
import type { CodecName } from './sdp.js';

/** How a piece of audio or a row of digits went out, in ms of performance.now(). */
export interface Played {
  readonly startedAtMs: number;
  /** When its last 20 ms were over. */
  readonly endedAtMs: number;
  /** False when it was stopped or the call ended before its end. */
  readonly complete: boolean;
}

/** Punctuality of the frames sent. */
export interface SendStatistics {
  readonly sent: number;
  /** Frames that left 20 ms or more after their time. */
  readonly late: number;
  readonly maxLateMs: number;
}

/** How what is sent must look; changes with each session description. */
export interface SendFormat {
  readonly codec: CodecName;
  readonly payloadType: number;
  readonly eventType: number | undefined;
}

interface Job {
  /** One entry per 20 ms: µ-law, or a packet of a digit. */
  readonly frames: readonly (Uint8Array | DigitFrame)[];
  next: number;
  startedAtMs: number;
  readonly settle: (played: Played) => void;
}

interface DigitFrame {
  readonly digit: string;
  readonly first: boolean;
  readonly end: boolean;
  /** Samples since the digit began. */
  readonly duration: number;
}

const SILENT_FRAME = new Uint8Array(FRAME_BYTES).fill(ULAW_SILENCE);
/** RFC 4733, 2.5.1.4: the end is sent three times against loss. */
const END_REPEATS = 3;

/**
 * Sends 20 ms frames, each at its own time counted from the first one: what was late is caught up at once, the clock never drifts. Digits
 * go before audio; with nothing to play it sends silence, as telephones do, unless told not to.
 */
export class RtpSender {
  private timer: NodeJS.Timeout | undefined;
  private startedAtMs = 0;
  private frame = 0;
  private readonly firstTimestamp = randomBytes(4).readUInt32BE();
  private readonly ssrc = randomBytes(4).readUInt32BE();
  private digitTimestamp = 0;
  private spurt = false;
  private format: SendFormat = { codec: 'PCMU', payloadType: 0, eventType: undefined };
  private audio: Job[] = [];
  private digits: Job[] = [];
  private stopped = false;
  private sent = 0;
  private late = 0;
  private maxLateMs = 0;

  constructor(
    private readonly send: (packet: Uint8Array) => void,
    private readonly silenceWhenIdle = true,
    private sequence = randomBytes(2).readUInt16BE(),
  ) {}

  setFormat(format: SendFormat): void {
    this.format = format;
  }

  /** Begins the clock; a second call changes nothing. */
  start(): void {
    if (this.timer !== undefined || this.stopped) return;
    this.startedAtMs = performance.now();
    this.tick();
  }

  /** Ends sending; what was playing settles as incomplete. */
  stop(): void {
    this.stopped = true;
    clearTimeout(this.timer);
    this.cancel([...this.audio, ...this.digits]);
    this.audio = [];
    this.digits = [];
  }

  /** Plays µ-law bytes after what is playing already. */
  play(ulaw: Uint8Array): Promise<Played> {
    return this.enqueue(this.audio, splitFrames(ulaw));
  }

  /** Stops audio, not digits. */
  stopAudio(): void {
    const jobs = this.audio;
    this.audio = [];
    this.cancel(jobs);
  }

  /** Sends keys as telephone events of `durationMs` with `gapMs` of quiet after each. */
  sendDigits(digits: string, durationMs: number, gapMs: number): Promise<Played> {
    const frames = Array.from(digits).flatMap((digit) => {
      const steps = Math.max(1, Math.round(durationMs / FRAME_MS));
      const sounding = Array.from({ length: steps }, (_, i) => ({ digit, first: i === 0, end: false, duration: (i + 1) * FRAME_BYTES }));
      const ending = Array.from({ length: END_REPEATS }, () => ({ digit, first: false, end: true, duration: steps * FRAME_BYTES }));
      const gap = Array.from({ length: Math.round(gapMs / FRAME_MS) }, () => SILENT_FRAME);
      return [...sounding, ...ending, ...gap];
    });
    return this.enqueue(this.digits, frames);
  }

  statistics(): SendStatistics {
    return { sent: this.sent, late: this.late, maxLateMs: this.maxLateMs };
  }

  private enqueue(queue: Job[], frames: Job['frames']): Promise<Played> {
    return new Promise((settle) => {
      const job: Job = { frames, next: 0, startedAtMs: 0, settle };
      if (this.stopped || frames.length === 0) this.cancel([job], frames.length === 0 && !this.stopped);
      else queue.push(job);
    });
  }

  private cancel(jobs: readonly Job[], complete = false): void {
    const now = performance.now();
    for (const job of jobs) job.settle({ startedAtMs: job.startedAtMs || now, endedAtMs: now, complete });
  }

  private tick(): void {
    const now = performance.now();
    for (let due = this.dueMs(); due <= now; due = this.dueMs()) {
      this.maxLateMs = Math.max(this.maxLateMs, now - due);
      if (now - due >= FRAME_MS) this.late += 1;
      this.sendFrame(now);
      this.frame += 1;
      // A listener that was told may have ended the call.
      if (this.stopped) return;
    }
    this.timer = setTimeout(() => this.tick(), Math.max(0, this.dueMs() - now));
  }

  private dueMs(): number {
    return this.startedAtMs + this.frame * FRAME_MS;
  }

  private sendFrame(now: number): void {
    const queue = this.digits.length > 0 ? this.digits : this.audio;
    const job = queue[0];
    if (job === undefined) {
      if (this.silenceWhenIdle) this.sendAudio(SILENT_FRAME);
      else this.spurt = false;
      return;
    }
    const frame = job.frames[job.next]!;
    if (job.next === 0) job.startedAtMs = now;
    job.next += 1;
    if (frame instanceof Uint8Array) this.sendAudio(frame);
    else this.sendDigit(frame);
    if (job.next === job.frames.length) {
      queue.shift();
      job.settle({ startedAtMs: job.startedAtMs, endedAtMs: now + FRAME_MS, complete: true });
    }
  }

  private sendAudio(ulaw: Uint8Array): void {
    const payload = this.format.codec === 'PCMU' ? ulaw : ulawToAlaw(ulaw);
    this.emit(this.format.payloadType, !this.spurt, this.timestamp(), payload);
    this.spurt = true;
  }

  private sendDigit(frame: DigitFrame): void {
    if (this.format.eventType === undefined) return;
    // All packets of a key carry the time at which it was pressed.
    if (frame.first) this.digitTimestamp = this.timestamp();
    this.emit(this.format.eventType, frame.first, this.digitTimestamp, formatTelephoneEvent(frame));
    this.spurt = false;
  }

  private timestamp(): number {
    return (this.firstTimestamp + this.frame * FRAME_BYTES) >>> 0;
  }

  private emit(payloadType: number, marker: boolean, timestamp: number, payload: Uint8Array): void {
    this.send(formatRtp({ payloadType, marker, sequence: this.sequence, timestamp, ssrc: this.ssrc, payload }));
    this.sequence = (this.sequence + 1) & 0xffff;
    this.sent += 1;
  }
}

/** Received payload as µ-law. */
export const ulawOf = (codec: CodecName, payload: Uint8Array): Uint8Array => (codec === 'PCMU' ? payload : alawToUlaw(payload));
