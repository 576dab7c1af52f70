import { concatBytes } from '@troncal/audio';
import { describe, expect, it } from 'vitest';
import { RecentCaller } from './recent-caller.js';

/** A frame that tells when it came, in a buffer that is used again for the next one. */
const buffer = new Uint8Array(160);
const frameAt = (at: number): Uint8Array => buffer.fill((at / 20) % 251);
const heard = (recent: RecentCaller): number[] => [...concatBytes([...recent.again()])].filter((_, i) => i % 160 === 0);
const between = (from: number, to: number): number[] => Array.from({ length: (to - from) / 20 }, (_, i) => (from / 20 + i) % 251);

function fed(until: number, recent = new RecentCaller(), from = 0): RecentCaller {
  for (let at = from; at < until; at += 20) recent.push(frameAt(at), at);
  return recent;
}

describe('the latest audio of the caller', () => {
  it('says nothing again when nothing is awaited and nobody was away', () => {
    expect(heard(fed(3_000))).toEqual([]);
  });

  it('holds an utterance from a little before its onset, however often its places are used', () => {
    const recent = fed(5_000);
    recent.hold(4_600);
    expect(heard(fed(9_000, recent, 5_000))).toEqual(between(4_300, 9_000));
    recent.settle();
    expect(heard(fed(12_000, recent, 9_000))).toEqual([]);
    recent.gap(11_500);
    expect(heard(fed(13_000, recent, 12_000))).toEqual(between(11_500, 13_000));
  });

  it('keeps 15 s and no more', () => {
    const recent = fed(1_000);
    recent.gap(0);
    expect(heard(fed(20_000, recent, 1_000))).toEqual(between(4_980, 20_000));
  });

  it('takes frames of any length', () => {
    const recent = new RecentCaller();
    recent.gap(0);
    for (const [at, bytes] of [160, 80, 320, 0, 160].entries()) recent.push(new Uint8Array(bytes).fill(at + 1), at);
    expect([...concatBytes([...recent.again()])]).toEqual([160, 80, 320, 0, 160].flatMap((bytes, at) => Array<number>(bytes).fill(at + 1)));
  });
});
