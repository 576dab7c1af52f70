import { msOfSamples, TELEPHONE_RATE } from './frames.js';
import { goertzelPower } from './goertzel.js';
import { dbfs } from './level.js';
import { DTMF_FREQUENCIES } from './tones.js';

/** A digit heard: when it began, in ms from the first sample pushed (to 12.75 ms), and how long it lasted. */
export interface DtmfHeard {
  readonly digit: string;
  readonly atMs: number;
  readonly durationMs: number;
}

const LOWS = [697, 770, 852, 941];
const HIGHS = [1209, 1336, 1477, 1633];
const KEY_OF = new Map([...DTMF_FREQUENCIES].map(([key, [low, high]]) => [`${low}/${high}`, key]));

/** Samples a block: 12.75 ms, so that the shortest valid digit (40 ms, Q.24) covers two whole blocks at any alignment. */
const BLOCK = 102;
const MIN_DBFS = -42;
/** High tone louder than low: up to 4 dB; low louder than high: up to 8 dB (Q.24, North American limits), as power ratios. */
const MAX_HIGH_OVER_LOW = 10 ** 0.4;
const MAX_LOW_OVER_HIGH = 10 ** 0.8;
/** The winner of a group must beat the others by 8 dB, as a power ratio: two keys or a voice have several strong bins. */
const MIN_OVER_OTHERS = 10 ** 0.8;
/** Least share of the block's energy in the two tones; speech spreads wider. */
const MIN_SHARE = 0.7;

/** Index of the group's frequency that stands out, or undefined. */
function winner(powers: readonly number[]): number | undefined {
  const best = powers.indexOf(Math.max(...powers));
  const rivals = powers.filter((_, index) => index !== best);
  return powers[best]! >= MIN_OVER_OTHERS * Math.max(...rivals) ? best : undefined;
}

function digitOfBlock(block: Int16Array): string | undefined {
  if (dbfs(block) < MIN_DBFS) return undefined;
  const lows = LOWS.map((hz) => goertzelPower(block, hz));
  const highs = HIGHS.map((hz) => goertzelPower(block, hz));
  const low = winner(lows);
  const high = winner(highs);
  if (low === undefined || high === undefined) return undefined;
  const lowPower = lows[low]!;
  const highPower = highs[high]!;
  if (highPower > lowPower * MAX_HIGH_OVER_LOW || lowPower > highPower * MAX_LOW_OVER_HIGH) return undefined;
  let energy = 0;
  for (const sample of block) energy += sample * sample;
  if ((2 * (lowPower + highPower)) / block.length < MIN_SHARE * energy) return undefined;
  return KEY_OF.get(`${LOWS[low]}/${HIGHS[high]}`);
}

/**
 * In-band DTMF receiver for 8 kHz audio. A digit counts from two equal blocks on and ends after two that differ, so a 40 ms digit is
 * heard, a lost frame doesn't double it, and the same key twice with a 40 ms pause is two digits.
 */
export class DtmfDetector {
  private readonly block = new Int16Array(BLOCK);
  private filled = 0;
  private blocksDone = 0;
  private candidate: { digit: string; fromBlock: number; hits: number; lastHit: number } | undefined;

  /** The digits that ended within these samples; any number of samples may be pushed at a time. */
  push(samples: Int16Array): DtmfHeard[] {
    const ended: DtmfHeard[] = [];
    for (const sample of samples) {
      this.block[this.filled] = sample;
      this.filled += 1;
      if (this.filled === BLOCK) {
        this.filled = 0;
        this.take(digitOfBlock(this.block), ended);
      }
    }
    return ended;
  }

  /** Ends the audio: a digit still sounding is given out. */
  flush(): DtmfHeard[] {
    const ended: DtmfHeard[] = [];
    this.end(ended);
    return ended;
  }

  private take(digit: string | undefined, ended: DtmfHeard[]): void {
    const at = this.blocksDone;
    this.blocksDone += 1;
    const current = this.candidate;
    if (current !== undefined && digit === current.digit) {
      current.hits += 1;
      current.lastHit = at;
    } else if (current === undefined || digit !== undefined || at - current.lastHit >= 2) {
      this.end(ended);
      if (digit !== undefined) this.candidate = { digit, fromBlock: at, hits: 1, lastHit: at };
    }
  }

  private end(ended: DtmfHeard[]): void {
    const current = this.candidate;
    this.candidate = undefined;
    if (current === undefined || current.hits < 2) return;
    const blockMs = msOfSamples(BLOCK, TELEPHONE_RATE);
    ended.push({ digit: current.digit, atMs: current.fromBlock * blockMs, durationMs: (current.lastHit + 1 - current.fromBlock) * blockMs });
  }
}

/** All digits of a finished piece of 8 kHz audio, in order. */
export function detectDtmf(samples: Int16Array): string {
  const detector = new DtmfDetector();
  return [...detector.push(samples), ...detector.flush()].map((heard) => heard.digit).join('');
}
