import type { HeardFrame } from '@troncal/sip-phone';
import type { Stall } from './loop-watch.js';

/** A hole in what a phone heard, longer than the frame it should be. */
export interface AudioGap {
  /** When it began, ms of performance.now(). */
  readonly fromMs: number;
  readonly ms: number;
  /** The part of it in which the listening process itself stood still. */
  readonly ownMs: number;
}

/** Louder than this is the tone; G.711's idle noise stays far below. */
const SOUND_DBFS = -45;

/**
 * The holes longer than `longerThanMs` in a tone that should have been heard without a break: packets that came late or never, and silence.
 * Bursts after a hole do not fill it: they are heard too late.
 */
export function audioGaps(frames: readonly HeardFrame[], stalls: readonly Stall[], longerThanMs: number): AudioGap[] {
  const heard = frames.filter((frame) => frame.dbfs >= SOUND_DBFS).map((frame) => frame.atMs).toSorted((a, b) => a - b);
  const gaps: AudioGap[] = [];
  for (let next = 1; next < heard.length; next += 1) {
    const [from, to] = [heard[next - 1] ?? 0, heard[next] ?? 0];
    if (to - from > longerThanMs) gaps.push({ fromMs: from, ms: to - from, ownMs: overlap(stalls, from, to) });
  }
  return gaps;
}

function overlap(stalls: readonly Stall[], from: number, to: number): number {
  return stalls.reduce((sum, stall) => sum + Math.max(0, Math.min(to, stall.toMs) - Math.max(from, stall.fromMs)), 0);
}
