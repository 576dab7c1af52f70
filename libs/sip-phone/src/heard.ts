import { concatBytes, dbfs, decodeUlaw, detectTone, FRAME_BYTES, FRAME_MS, ULAW_SILENCE } from '@troncal/audio';
import type { CallWaiting } from './call-waiting.js';

/** One audio packet that arrived. Times are ms of performance.now(). */
export interface HeardFrame {
  readonly atMs: number;
  /** Place by sequence number; sorting by it undoes reordering. */
  readonly place: number;
  readonly ulaw: Uint8Array;
  readonly dbfs: number;
}

/** When a wait is satisfied; all optional. */
export interface HearOptions {
  /** Deadline, ms; 5,000. */
  readonly timeoutMs?: number;
  /** Only what arrived from then on counts, ms of performance.now(); the moment of the call. */
  readonly sinceMs?: number;
  /** How long it must last unbroken, ms. */
  readonly forMs?: number;
  /** Level between quiet and loud, dBFS. */
  readonly levelDbfs?: number;
}

/** When something that was waited for began, ms of performance.now(). */
export interface HeardAt {
  readonly atMs: number;
}

/** Frames further apart than this aren't one sound. */
const BREAK_MS = 100;
/** Louder than this is a sound: G.711's idle noise stays far below. */
const SOUND_DBFS = -45;
const TONE_RATIO = 0.5;
const DEADLINE_MS = 5000;

/** Everything one call brought to the ear, with arrival times. */
export class Heard {
  private readonly frames: HeardFrame[] = [];

  constructor(private readonly waiting: CallWaiting) {}

  /** Arrival of the first audio packet, silent or not. */
  get firstFrameAt(): number | undefined {
    return this.frames[0]?.atMs;
  }

  /** Arrival of the first packet that isn't silence. */
  get firstAudioAt(): number | undefined {
    return this.frames.find((frame) => frame.dbfs >= SOUND_DBFS)?.atMs;
  }

  get frameCount(): number {
    return this.frames.length;
  }

  /** The last frame in a few words, for error messages. */
  summary(): string {
    const last = this.frames.at(-1);
    return last === undefined ? 'none' : `${Math.round(performance.now() - last.atMs)} ms ago at ${Math.round(last.dbfs)} dBFS`;
  }

  /** Notes a packet; called by the call's media. */
  add(frame: Omit<HeardFrame, 'dbfs'>): void {
    this.frames.push({ ...frame, dbfs: dbfs(decodeUlaw(frame.ulaw)) });
  }

  /** What arrived from `fromMs` to before `toMs` (performance.now()), in order of sequence. */
  between(fromMs: number, toMs = Infinity): HeardFrame[] {
    return this.frames
      .slice(this.indexAt(fromMs))
      .filter((frame) => frame.atMs < toMs)
      .toSorted((a, b) => a.place - b.place);
  }

  /** Share of the energy heard in that time that is a tone of `hz`, 0 to 1. */
  toneRatio(hz: number, fromMs: number, toMs = Infinity): number {
    return detectTone(concatBytes(this.between(fromMs, toMs).map((frame) => frame.ulaw)), hz);
  }

  /** Waits for a tone that dominates for `forMs` (100). */
  waitForTone(hz: number, options: HearOptions = {}): Promise<HeardAt> {
    const level = options.levelDbfs ?? SOUND_DBFS;
    const fits = (run: readonly HeardFrame[]): boolean => run.every((frame) => frame.dbfs >= level) && detectTone(concatBytes(run.map((frame) => frame.ulaw)), hz) >= TONE_RATIO;
    return this.waitForRun(`waiting for a tone of ${hz} Hz`, options, options.forMs ?? 100, fits);
  }

  /** Waits for sound of any kind that lasts `forMs` (40). */
  waitForVoice(options: HearOptions = {}): Promise<HeardAt> {
    const level = options.levelDbfs ?? SOUND_DBFS;
    return this.waitForRun('waiting for voice', options, options.forMs ?? 40, (run) => run.every((frame) => frame.dbfs >= level));
  }

  /** Waits until nothing loud has arrived for `forMs` (200), quiet packets or none at all. `atMs` is when the last sound was over. */
  waitForSilence(options: HearOptions = {}): Promise<HeardAt> {
    const forMs = options.forMs ?? 200;
    const level = options.levelDbfs ?? SOUND_DBFS;
    let quietFrom = options.sinceMs ?? performance.now();
    let next = this.indexAt(quietFrom);
    return this.waiting.until(`waiting for ${forMs} ms of silence`, options.timeoutMs ?? DEADLINE_MS, () => {
      for (; next < this.frames.length; next += 1) {
        const frame = this.frames[next]!;
        if (frame.atMs - quietFrom >= forMs) break;
        if (frame.dbfs >= level) quietFrom = frame.atMs + FRAME_MS;
      }
      return performance.now() - quietFrom >= forMs ? { atMs: quietFrom } : undefined;
    });
  }

  /** All of it as µ-law from the first packet on, with silence where nothing came for 60 ms or more; for a WAV file. */
  recording(): Uint8Array<ArrayBuffer> {
    const parts: Uint8Array[] = [];
    const startMs = this.frames[0]?.atMs ?? 0;
    let bytes = 0;
    for (const frame of this.between(-Infinity)) {
      const missing = Math.round((frame.atMs - startMs) * (FRAME_BYTES / FRAME_MS)) - bytes;
      if (missing >= 3 * FRAME_BYTES) {
        parts.push(new Uint8Array(missing).fill(ULAW_SILENCE));
        bytes += missing;
      }
      parts.push(frame.ulaw);
      bytes += frame.ulaw.length;
    }
    return concatBytes(parts);
  }

  /** The first unbroken run of frames of at least `forMs` that `fits`. Each run is looked at once, however long the wait is. */
  private waitForRun(what: string, options: HearOptions, forMs: number, fits: (run: readonly HeardFrame[]) => boolean): Promise<HeardAt> {
    const length = Math.max(1, Math.ceil(forMs / FRAME_MS));
    let next = this.indexAt(options.sinceMs ?? performance.now());
    return this.waiting.until(what, options.timeoutMs ?? DEADLINE_MS, () => {
      for (; next + length <= this.frames.length; next += 1) {
        const run = this.frames.slice(next, next + length);
        const broken = run.some((frame, i) => i > 0 && frame.atMs - run[i - 1]!.atMs > BREAK_MS);
        if (!broken && fits(run.toSorted((a, b) => a.place - b.place))) return { atMs: run[0]!.atMs };
      }
      return undefined;
    });
  }

  /** Index of the first frame that arrived at or after `atMs`; frames are kept by arrival, and nearly always the end is asked for. */
  private indexAt(atMs: number): number {
    let index = this.frames.length;
    while (index > 0 && this.frames[index - 1]!.atMs >= atMs) index -= 1;
    return index;
  }
}
