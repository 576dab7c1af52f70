import { decodeAlaw, decodeUlaw } from './g711.js';
import { TELEPHONE_RATE } from './frames.js';

/** A decoded WAV file. */
export interface WavAudio {
  /** How the file stored it. */
  readonly encoding: 'pcm16' | 'ulaw' | 'alaw';
  /** Samples per second. */
  readonly rate: number;
  readonly channels: number;
  /** Linear samples of each channel, all of the same length. */
  readonly tracks: readonly Int16Array[];
}

/** The file isn't a WAV that can be read; the message says what was found and what is read. */
export class WavError extends Error {
  override readonly name = 'WavError';
}

const ENCODINGS = new Map<string, WavAudio['encoding']>([
  ['1/16', 'pcm16'],
  ['6/8', 'alaw'],
  ['7/8', 'ulaw'],
]);
const EXTENSIBLE = 0xfffe;

const tagAt = (view: DataView, at: number): string => String.fromCharCode(...Array.from({ length: 4 }, (_, i) => view.getUint8(at + i)));

function* chunksOf(view: DataView): Generator<{ readonly tag: string; readonly from: number; readonly length: number }> {
  for (let at = 12; at + 8 <= view.byteLength; ) {
    const stated = view.getUint32(at + 4, true);
    // A writer that died, or wrote to a pipe, leaves 0 or 0xffffffff as the length of the last chunk.
    const rest = view.byteLength - at - 8;
    const tag = tagAt(view, at);
    const length = stated > rest || (tag === 'data' && stated === 0) ? rest : stated;
    yield { tag, from: at + 8, length };
    at += 8 + length + (length % 2);
  }
}

function decodeTo16(bytes: Uint8Array, encoding: WavAudio['encoding']): Int16Array {
  if (encoding === 'ulaw') return decodeUlaw(bytes);
  if (encoding === 'alaw') return decodeAlaw(bytes);
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  return Int16Array.from({ length: bytes.length >> 1 }, (_, i) => view.getInt16(2 * i, true));
}

/**
 * Reads RIFF/WAVE with 16-bit PCM, µ-law or A-law, any rate and number of channels; other chunks are skipped, a file cut short gives
 * what it has. Throws WavError for anything else.
 */
export function readWav(file: Uint8Array): WavAudio {
  const view = new DataView(file.buffer, file.byteOffset, file.byteLength);
  if (file.length < 12 || tagAt(view, 0) !== 'RIFF' || tagAt(view, 8) !== 'WAVE') throw new WavError(`no RIFF/WAVE header in ${file.length} bytes`);
  let format: { encoding: WavAudio['encoding']; rate: number; channels: number } | undefined;
  for (const { tag, from, length } of chunksOf(view)) {
    if (tag === 'fmt ' && length >= 16) {
      const code = view.getUint16(from, true);
      const kind = `${code === EXTENSIBLE && length >= 26 ? view.getUint16(from + 24, true) : code}/${view.getUint16(from + 14, true)}`;
      const encoding = ENCODINGS.get(kind);
      const channels = view.getUint16(from + 2, true);
      if (encoding === undefined || channels === 0) {
        throw new WavError(`WAV format ${kind} (code/bits) with ${channels} channels isn't read: convert it to 16-bit PCM, µ-law or A-law`);
      }
      format = { encoding, channels, rate: view.getUint32(from + 4, true) };
    }
    if (tag === 'data') {
      if (format === undefined) throw new WavError('the WAV data comes before its format');
      return { ...format, tracks: deinterleave(decodeTo16(file.subarray(from, from + length), format.encoding), format.channels) };
    }
  }
  throw new WavError('the WAV file has no data chunk');
}

function deinterleave(samples: Int16Array, channels: number): Int16Array[] {
  const length = Math.floor(samples.length / channels);
  return Array.from({ length: channels }, (_, channel) => Int16Array.from({ length }, (_unused, i) => samples[i * channels + channel]!));
}

function riff(code: number, bits: number, channels: number, rate: number, data: Uint8Array): Uint8Array<ArrayBuffer> {
  const header = 44;
  const out = new Uint8Array(header + data.length + (data.length % 2));
  const view = new DataView(out.buffer);
  const tag = (at: number, text: string): void => Array.from(text).forEach((letter, i) => view.setUint8(at + i, letter.charCodeAt(0)));
  const block = (bits / 8) * channels;
  tag(0, 'RIFF');
  view.setUint32(4, out.length - 8, true);
  tag(8, 'WAVEfmt ');
  view.setUint32(16, 16, true);
  view.setUint16(20, code, true);
  view.setUint16(22, channels, true);
  view.setUint32(24, rate, true);
  view.setUint32(28, rate * block, true);
  view.setUint16(32, block, true);
  view.setUint16(34, bits, true);
  tag(36, 'data');
  view.setUint32(40, data.length, true);
  out.set(data, header);
  return out;
}

/** A 16-bit PCM WAV file of one or several tracks; shorter tracks are filled up with silence. Throws RangeError for no track. */
export function writeWav(tracks: readonly Int16Array[], rate = TELEPHONE_RATE): Uint8Array<ArrayBuffer> {
  if (tracks.length === 0) throw new RangeError('a WAV file needs at least one track');
  const length = Math.max(...tracks.map((track) => track.length));
  const data = new DataView(new ArrayBuffer(2 * length * tracks.length));
  tracks.forEach((track, channel) => {
    track.forEach((sample, i) => data.setInt16(2 * (i * tracks.length + channel), sample, true));
  });
  return riff(1, 16, tracks.length, rate, new Uint8Array(data.buffer));
}

/** A one-track WAV file of µ-law bytes as they are: half the size and nothing re-encoded. */
export const writeUlawWav = (bytes: Uint8Array, rate = TELEPHONE_RATE): Uint8Array<ArrayBuffer> => riff(7, 8, 1, rate, bytes);
