import { describe, expect, it } from 'vitest';
import { decodeUlaw, encodeUlaw } from './g711.js';
import { tone } from './tones.js';
import { readWav, WavError, writeUlawWav, writeWav } from './wav.js';

const ascii = (text: string): number[] => Array.from(text, (letter) => letter.charCodeAt(0));
const le32 = (value: number): number[] => [value & 255, (value >> 8) & 255, (value >> 16) & 255, (value >>> 24) & 255];

/** A file by hand: what other programs write, odd chunks before the data included. */
const handMade = (format: number[], dataLength: number, data: number[]): Uint8Array =>
  Uint8Array.from([...ascii('RIFF'), ...le32(0), ...ascii('WAVE'), ...ascii('LIST'), ...le32(3), 1, 2, 3, 0, ...ascii('fmt '), ...le32(format.length), ...format, ...ascii('data'), ...le32(dataLength), ...data]);
const PCM_MONO = [1, 0, 1, 0, ...le32(8000), ...le32(16_000), 2, 0, 16, 0];

describe('WAV', () => {
  it('reads back what it wrote, in one track, in two, and in µ-law', () => {
    const left = tone(440, 50);
    const right = tone(880, 30);
    expect(readWav(writeWav([left], 16_000))).toEqual({ encoding: 'pcm16', rate: 16_000, channels: 1, tracks: [left] });
    const stereo = readWav(writeWav([left, right]));
    expect(stereo.tracks[0]).toEqual(left);
    expect(stereo.tracks[1]!.subarray(0, right.length)).toEqual(right);
    expect(stereo.tracks[1]!.subarray(right.length).every((sample) => sample === 0)).toBe(true);
    const wire = encodeUlaw(left.subarray(0, 399));
    expect(readWav(writeUlawWav(wire))).toEqual({ encoding: 'ulaw', rate: 8000, channels: 1, tracks: [decodeUlaw(wire)] });
  });

  it('skips other chunks and takes the extensible header', () => {
    expect(readWav(handMade(PCM_MONO, 4, [1, 0, 0xff, 0xff])).tracks).toEqual([Int16Array.of(1, -1)]);
    const extensible = [0xfe, 0xff, ...PCM_MONO.slice(2), 22, 0, 16, 0, ...le32(4), 1, 0, ...Array.from({ length: 14 }, () => 0)];
    expect(readWav(handMade(extensible, 2, [2, 0])).tracks).toEqual([Int16Array.of(2)]);
  });

  it.each([0, 0xffff_ffff, 1000])('takes what is there when the data length says %i', (stated) => {
    expect(readWav(handMade(PCM_MONO, stated, [7, 0, 8, 0, 9])).tracks).toEqual([Int16Array.of(7, 8)]);
  });

  it.each([
    ['text', Uint8Array.from(ascii('hello, this is no audio')), /no RIFF/],
    ['an empty file', new Uint8Array(0), /no RIFF/],
    ['8-bit PCM', handMade([1, 0, 1, 0, ...le32(8000), ...le32(8000), 1, 0, 8, 0], 2, [1, 2]), /1\/8/],
    ['no channels', handMade([1, 0, 0, 0, ...le32(8000), ...le32(8000), 2, 0, 16, 0], 2, [1, 2]), /0 channels/],
    ['no data', handMade(PCM_MONO, 0, []).subarray(0, -8), /no data chunk/],
    ['data before format', Uint8Array.from([...ascii('RIFF'), ...le32(0), ...ascii('WAVEdata'), ...le32(2), 1, 2]), /before its format/],
  ])('refuses %s with what it found', (_what, file, message) => {
    expect(() => readWav(file)).toThrow(WavError);
    expect(() => readWav(file)).toThrow(message);
  });

  it('needs a track to write', () => {
    expect(() => writeWav([])).toThrow(RangeError);
  });
});
