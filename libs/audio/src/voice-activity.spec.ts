import { describe, expect, it } from 'vitest';
import { FrameSplitter, msOfSamples, samplesOfMs, splitFrames } from './frames.js';
import { dbfs, peak, rms } from './level.js';
import { silence, tone } from './tones.js';
import { VoiceActivity, type ActivityChange } from './voice-activity.js';

function changes(parts: readonly Int16Array[], activity = new VoiceActivity()): ActivityChange[] {
  const found: ActivityChange[] = [];
  for (const part of parts) {
    for (let at = 0; at < part.length; at += 160) {
      const change = activity.push(part.subarray(at, at + 160));
      if (change !== undefined) found.push(change);
    }
  }
  return found;
}

describe('voice activity', () => {
  it('dates voice and silence by their first frame', () => {
    expect(changes([silence(500), tone(440, 400), silence(500)])).toEqual([
      { kind: 'voice', atMs: 500 },
      { kind: 'silence', atMs: 900 },
    ]);
  });

  it('takes no click for voice and no breath for silence', () => {
    expect(changes([silence(200), tone(440, 20), silence(200)])).toEqual([]);
    expect(changes([tone(440, 300), silence(200), tone(440, 300)])).toEqual([{ kind: 'voice', atMs: 0 }]);
  });

  it('does not flicker between the two levels', () => {
    const activity = new VoiceActivity({ onsetDbfs: -40, releaseDbfs: -46 });
    expect(changes([tone(440, 500, { level: -43 })], activity)).toEqual([]);
    expect(changes([tone(440, 100, { level: -20 }), tone(440, 900, { level: -43 })], activity)).toEqual([{ kind: 'voice', atMs: 500 }]);
    expect(activity.active).toBe(true);
  });
});

describe('levels', () => {
  it('measures in dBFS of a square wave', () => {
    expect(dbfs(new Int16Array(80).fill(-32_768))).toBe(0);
    expect(dbfs(tone(1000, 100, { level: -3.01 }))).toBeCloseTo(-3.01, 1);
    expect(rms(Int16Array.of(3, -4, 3, -4))).toBeCloseTo(Math.sqrt(12.5));
    expect([rms(new Int16Array(0)), peak(new Int16Array(0)), dbfs(new Int16Array(0))]).toEqual([0, 0, -96]);
    expect(peak(Int16Array.of(5, -32_768, 7))).toBe(32_768);
  });
});

describe('frames', () => {
  it('cuts into 20 ms and fills the last one up', () => {
    const frames = splitFrames(new Uint8Array(350).fill(1));
    expect(frames.map((frame) => frame.length)).toEqual([160, 160, 160]);
    expect(frames[2]!.subarray(28, 32)).toEqual(Uint8Array.of(1, 1, 0xff, 0xff));
    expect(splitFrames(new Uint8Array(0))).toEqual([]);
  });

  it('regroups a stream without loss', () => {
    const splitter = new FrameSplitter(160);
    const bytes = Uint8Array.from({ length: 1000 }, (_, i) => i % 251);
    const frames = [bytes.subarray(0, 1), bytes.subarray(1, 500), bytes.subarray(500)].flatMap((part) => splitter.push(part));
    expect(frames).toHaveLength(6);
    expect(splitter.pendingBytes).toBe(40);
    const all = [...frames, splitter.flush()!].flatMap((frame) => [...frame]);
    expect(Uint8Array.from(all.slice(0, 1000))).toEqual(bytes);
    expect(splitter.flush()).toBeUndefined();
    expect(() => new FrameSplitter(0)).toThrow(RangeError);
  });

  it('counts ms and samples', () => {
    expect([msOfSamples(160), msOfSamples(480, 24_000), samplesOfMs(20), samplesOfMs(20, 24_000)]).toEqual([20, 20, 160, 480]);
  });
});
