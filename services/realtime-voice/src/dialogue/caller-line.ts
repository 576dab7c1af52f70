import { ALAW_SILENCE, FRAME_BYTES, FRAME_MS, ULAW_SILENCE } from '@troncal/audio';
import type { G711 } from '../engine/voice-engine.js';

/** The caller's stream is taken for silent after this gap and filled, or the engine would wait for the end of the turn for ever. */
const STREAM_GAP_MS = 200;
/**
 * Asterisk plays a leg that is in no bridge yet to nobody (22.10.1, asterisk.spec), and tells nobody when it joins one; but the caller's first
 * frame comes at that moment. Nothing is sent before it, or before this time is over: a phone that suppresses silence sends none.
 */
const BRIDGED_WITHIN_MS = 2_000;

/** The caller's audio on its way in: knows when the caller can hear us, and makes silence of what a phone doesn't send. Times in monotonic ms. */
export class CallerLine {
  private readonly silence: Uint8Array;
  private lastFrameAt: number;
  private there = false;

  constructor(
    format: G711,
    private readonly openedAt: number,
    private readonly hear: (audio: Uint8Array) => void,
  ) {
    this.lastFrameAt = openedAt;
    this.silence = new Uint8Array(FRAME_BYTES).fill(format === 'ulaw' ? ULAW_SILENCE : ALAW_SILENCE);
  }

  /** True once the caller hears what we send. */
  get bridged(): boolean {
    return this.there;
  }

  /** Audio as it came, any length. */
  audio(frame: Uint8Array, now: number): void {
    this.lastFrameAt = now;
    this.there = true;
    this.hear(frame);
  }

  /** Fills what the phone left out; call it about every 100 ms. */
  tick(now: number): void {
    if (now - this.openedAt > BRIDGED_WITHIN_MS) this.there = true;
    if (!this.there || now - this.lastFrameAt < STREAM_GAP_MS) return;
    for (; this.lastFrameAt + FRAME_MS <= now; this.lastFrameAt += FRAME_MS) this.hear(this.silence);
  }
}
