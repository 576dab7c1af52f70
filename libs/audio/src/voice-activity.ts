import { msOfSamples, TELEPHONE_RATE } from './frames.js';
import { dbfs } from './level.js';

/** When sound counts as voice and its absence as silence; all optional. */
export interface VoiceActivityOptions {
  /** Samples per second, 8000 unless told. */
  readonly rate?: number;
  /** A frame at least this loud may begin voice, dBFS, -40 unless told. */
  readonly onsetDbfs?: number;
  /** A frame below this is quiet while voice goes on, dBFS, -46 unless told: the gap to the onset keeps a level at the edge from flickering. */
  readonly releaseDbfs?: number;
  /** Unbroken loud time before voice is said, ms, 40 unless told. */
  readonly onsetMs?: number;
  /** Unbroken quiet time before silence is said, ms, 300 unless told. */
  readonly releaseMs?: number;
}

/** A change: since when (ms from the first sample pushed, the first frame of the run, not the moment it was certain). */
export interface ActivityChange {
  readonly kind: 'voice' | 'silence';
  readonly atMs: number;
}

/**
 * Tells voice from silence by level alone, with hysteresis in level and time. Starts in silence. It knows nothing of echo or noise: who
 * needs that judges what it says.
 */
export class VoiceActivity {
  private readonly options: Required<VoiceActivityOptions>;
  private elapsedMs = 0;
  private speaking = false;
  private runFromMs: number | undefined;

  constructor(options: VoiceActivityOptions = {}) {
    this.options = { rate: TELEPHONE_RATE, onsetDbfs: -40, releaseDbfs: -46, onsetMs: 40, releaseMs: 300, ...options };
  }

  /** Whether it is voice now. */
  get active(): boolean {
    return this.speaking;
  }

  /** Takes the next frame (any length; 20 ms is usual) and tells the change that it made certain, if any. */
  push(frame: Int16Array): ActivityChange | undefined {
    const from = this.elapsedMs;
    this.elapsedMs += msOfSamples(frame.length, this.options.rate);
    const level = dbfs(frame);
    const against = this.speaking ? level < this.options.releaseDbfs : level >= this.options.onsetDbfs;
    if (!against) {
      this.runFromMs = undefined;
      return undefined;
    }
    this.runFromMs ??= from;
    const needed = this.speaking ? this.options.releaseMs : this.options.onsetMs;
    if (this.elapsedMs - this.runFromMs < needed) return undefined;
    const atMs = this.runFromMs;
    this.runFromMs = undefined;
    this.speaking = !this.speaking;
    return { kind: this.speaking ? 'voice' : 'silence', atMs };
  }
}
