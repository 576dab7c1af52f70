import { decodeUlaw, FRAME_BYTES, writeWav } from '@troncal/audio';

const SAMPLES_PER_MS = 8;
/** Frames nearer than this to where they were expected are of one piece: jitter isn't silence. */
const LOOSE_SAMPLES = 3 * FRAME_BYTES;

/** Takes down what is heard and what is said, each on its own track, silence included. */
export class Recorder {
  private readonly tracks: Map<'heard' | 'said', Int16Array[]> = new Map([['heard', []], ['said', []]]);
  private readonly lengths = { heard: 0, said: 0 };
  private readonly beganAt = performance.now();
  private endedAt: number | undefined;

  add(track: 'heard' | 'said', ulaw: Uint8Array): void {
    if (this.endedAt !== undefined) return;
    const due = Math.round((performance.now() - this.beganAt) * SAMPLES_PER_MS);
    const missing = due - this.lengths[track];
    if (missing > LOOSE_SAMPLES) this.append(track, new Int16Array(missing));
    this.append(track, decodeUlaw(ulaw));
  }

  end(): void {
    this.endedAt ??= performance.now();
  }

  get durationMs(): number {
    return (this.endedAt ?? performance.now()) - this.beganAt;
  }

  /** A WAV file with both tracks apart, or with one. */
  wav(tracks: readonly ('heard' | 'said')[]): Uint8Array {
    const length = Math.max(Math.round(this.durationMs * SAMPLES_PER_MS), ...tracks.map((track) => this.lengths[track]));
    return writeWav(tracks.map((track) => this.whole(track, length)));
  }

  private append(track: 'heard' | 'said', samples: Int16Array): void {
    this.tracks.get(track)!.push(samples);
    this.lengths[track] += samples.length;
  }

  private whole(track: 'heard' | 'said', length: number): Int16Array {
    const out = new Int16Array(length);
    let at = 0;
    for (const part of this.tracks.get(track)!) {
      out.set(part, at);
      at += part.length;
    }
    return out;
  }
}
