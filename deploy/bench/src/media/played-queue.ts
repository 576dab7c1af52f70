import { agesOf, FRAME_BYTES } from './stamped-frame.js';

/** What one end holds of an agent's audio and plays a frame each 20 ms, with the marks between. */
export class PlayedQueue {
  private queued = 0;
  private playing = false;
  private marks: { readonly name: string; after: number }[] = [];
  private ages: number[] = [];
  private frames = 0;

  /** @param preload frames that must be there before it plays; below it a listener hears a gap */
  constructor(
    private readonly preload: number,
    private readonly reached: (mark: string) => void,
  ) {}

  add(audio: Buffer): void {
    const ages = agesOf(audio);
    this.queued += Math.floor(audio.length / FRAME_BYTES);
    this.frames += ages.length;
    this.ages.push(...ages);
  }

  mark(name: string): void {
    this.marks.push({ name, after: this.queued });
  }

  /** Forgets what is not played yet. @returns the marks in it */
  clear(): string[] {
    this.queued = 0;
    return this.marks.splice(0).map(({ name }) => name);
  }

  /** As MediaPeer's. */
  tick(): boolean | undefined {
    if (!this.playing) this.playing = this.queued >= this.preload;
    if (!this.playing) return undefined;
    if (this.queued === 0) {
      this.playing = false;
      return false;
    }
    this.queued--;
    for (const mark of this.marks) mark.after--;
    for (let [first] = this.marks; first !== undefined && first.after <= 0; [first] = this.marks) {
      this.marks.shift();
      this.reached(first.name);
    }
    return true;
  }

  takeAges(): number[] {
    return this.ages.splice(0);
  }

  takeFrames(): number {
    const taken = this.frames;
    this.frames = 0;
    return taken;
  }
}
