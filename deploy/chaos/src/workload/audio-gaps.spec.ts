import { expect, it } from 'vitest';
import { audioGaps } from './audio-gaps.js';

const frames = (times: readonly number[], dbfs = -15) => times.map((atMs, place) => ({ atMs, place, dbfs, ulaw: new Uint8Array(160) }));
const steady = Array.from({ length: 50 }, (_, index) => index * 20);

it('finds no hole in frames that come every 20 ms', () => {
  expect(audioGaps(frames(steady), [], 60)).toEqual([]);
});

it('finds packets that came late, though the rest of them came at once afterwards', () => {
  const late = steady.map((atMs) => (atMs > 200 && atMs < 400 ? 400 : atMs));
  expect(audioGaps(frames(late), [], 60)).toEqual([{ fromMs: 200, ms: 200, ownMs: 0 }]);
});

it('takes silence for a hole', () => {
  const heard = frames(steady).map((frame) => (frame.atMs >= 200 && frame.atMs < 300 ? { ...frame, dbfs: -80 } : frame));
  expect(audioGaps(heard, [], 60)).toEqual([{ fromMs: 180, ms: 120, ownMs: 0 }]);
});

it('tells how much of a hole the listener stood still', () => {
  const late = steady.map((atMs) => (atMs > 200 && atMs < 400 ? 400 : atMs));
  expect(audioGaps(frames(late), [{ fromMs: 150, toMs: 300 }], 60)).toEqual([{ fromMs: 200, ms: 200, ownMs: 100 }]);
});
