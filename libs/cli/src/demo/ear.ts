import { concatSamples, dbfs } from '@troncal/audio';

/** A frame as it reached the phone. */
interface HeardFrame {
  /** Monotonic time of arrival, ms. */
  readonly at: number;
  readonly samples: Int16Array;
  readonly loud: boolean;
}

/** Speech and music on a telephone line are above this, line noise and comfort noise below, dBFS. */
const LOUD_DBFS = -45;
/** Single loud frames are clicks: sound has begun when this many of the frames within the window are loud. */
const ONSET_FRAMES = 3;
const ONSET_WINDOW_MS = 120;
const LOOK_EVERY_MS = 10;

/** What was waited for did not come in time. */
export class NotHeard extends Error {
  override readonly name = 'NotHeard';
}

/**
 * What a phone hears, by the time each frame arrived. Nobody sends frames while there is nothing to play (Asterisk's chan_websocket leaves
 * the line empty), so silence is the absence of loud frames, not the presence of quiet ones, and time is the clock's, not the media's.
 */
export class Ear {
  private readonly frames: HeardFrame[] = [];

  /**
   * @param now the clock of `hear`'s times, ms
   * @param listen called before each look, to hand over what has arrived
   */
  constructor(
    private readonly now: () => number = () => performance.now(),
    private readonly listen: (ear: Ear) => void = () => {},
  ) {}

  /** Takes a frame of linear samples, at the time it arrived. */
  hear(samples: Int16Array, at = this.now()): void {
    this.frames.push({ at, samples, loud: dbfs(samples) >= LOUD_DBFS });
  }

  /** When sound began at or after `from`; undefined if it has not. */
  soundAfter(from: number): number | undefined {
    const loud = this.all().filter((frame) => frame.loud && frame.at >= from);
    return loud.find((frame, index) => {
      const third = loud[index + ONSET_FRAMES - 1];
      return third !== undefined && third.at - frame.at <= ONSET_WINDOW_MS;
    })?.at;
  }

  /** The last loud frame between two times; undefined if all was quiet. */
  lastSound(from: number, to = Infinity): number | undefined {
    return this.all().findLast((frame) => frame.loud && frame.at >= from && frame.at <= to)?.at;
  }

  /** When it last was loud before a quiet of `quietMs` that began at or after `from`; `from` itself if it was quiet all along; undefined while it is loud. */
  silenceAfter(from: number, quietMs: number): number | undefined {
    let last = from;
    for (const frame of this.all()) {
      if (!frame.loud || frame.at < from) continue;
      if (frame.at - last >= quietMs) return last;
      last = frame.at;
    }
    return this.now() - last >= quietMs ? last : undefined;
  }

  /** Everything heard between two times, joined without gaps. */
  samplesBetween(from: number, to: number): Int16Array {
    return concatSamples(this.all().filter((frame) => frame.at >= from && frame.at <= to).map((frame) => frame.samples));
  }

  /** Share of the time between two moments that was loud, 0 to 1, counted in frames of 20 ms. */
  loudness(from: number, to: number): number {
    const loud = this.all().filter((frame) => frame.loud && frame.at >= from && frame.at <= to).length;
    return to <= from ? 0 : Math.min(1, (loud * 20) / (to - from));
  }

  private all(): readonly HeardFrame[] {
    this.listen(this);
    return this.frames;
  }

  /** Waits for the first of the three above to be known. Throws {@link NotHeard} after `withinMs`, and what the signal was aborted with. */
  async until(what: string, look: () => number | undefined, withinMs: number, signal: AbortSignal): Promise<number> {
    const end = this.now() + withinMs;
    for (;;) {
      signal.throwIfAborted();
      const found = look();
      if (found !== undefined) return found;
      if (this.now() > end) throw new NotHeard(`${what}: not within ${Math.round(withinMs / 1_000)} s`);
      await new Promise((resolve) => setTimeout(resolve, LOOK_EVERY_MS));
    }
  }
}
