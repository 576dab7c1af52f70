import { createReadStream, createWriteStream } from 'node:fs';
import { open, rename, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { writeWav } from '@troncal/audio';
import { pause } from '@troncal/kernel';
import type { RecordingChannels } from '../calls/call.js';

/** Bytes before the samples in a WAV file of Asterisk 22 (format_wav) and of ours: RIFF, fmt and data headers. */
const HEADER_BYTES = 44;
const BYTES_PER_MS: Readonly<Record<RecordingChannels, number>> = { mono: 16, stereo: 32 };
/** 20 ms of 16-bit samples. */
const FRAME_BYTES = 320;
/** Mean size of a frame's samples from which Asterisk too takes it for speech (dsp.conf, silencethreshold). */
const SPEECH_LEVEL = 256;
/** A cough or a click is shorter than these 200 ms. */
const SPEECH_FRAMES = 10;
/** A file whose writer has ended is looked at until its size stands still this long, ms: Asterisk closes it a moment after its channel's end. */
const STILL_MS = 120;
const LOOKS = 50;

/** The files that Asterisk's recordings become. */
export class RecordingFiles {
  constructor(private readonly folder: string) {}

  path(recordingId: string): string {
    return this.named(recordingId, 'wav');
  }

  /**
   * Makes a stereo recording's samples a WAV file of two channels. Nothing to do where that is done, or nothing was recorded. Done again after a crash at
   * any point: the samples go only when the WAV is there.
   */
  async seal(recordingId: string): Promise<void> {
    const raw = this.named(recordingId, 'raw');
    const bytes = await this.sizeWhenStill(raw);
    if (bytes === undefined) return;
    const part = this.named(recordingId, 'part');
    const whole = bytes - (bytes % 4);
    await pipeline(createReadStream(raw, { end: Math.max(0, whole - 1) }), async function* withHeader(samples: AsyncIterable<Uint8Array>) {
      yield headerFor(whole);
      if (whole > 0) yield* samples;
    }, createWriteStream(part, { mode: 0o640 }));
    await rename(part, this.path(recordingId));
    await rm(raw, { force: true });
  }

  /** Length and size of a closed recording; undefined when there is no such file or it holds no sound. */
  async measure(recordingId: string, channels: RecordingChannels = 'mono'): Promise<{ readonly durationMs: number; readonly bytes: number } | undefined> {
    const path = this.path(recordingId);
    const size = (await stat(path).catch(() => undefined))?.size;
    if (size === undefined || size <= HEADER_BYTES) return undefined;
    const file = await open(path, 'r');
    try {
      const { buffer } = await file.read(Buffer.alloc(12), 0, 12, 0);
      if (buffer.toString('latin1', 0, 4) !== 'RIFF' || buffer.toString('latin1', 8, 12) !== 'WAVE') return undefined;
    } finally {
      await file.close();
    }
    // From the size, not from the header: the header of a file whose writer died was never brought up to date.
    return { durationMs: Math.round((size - HEADER_BYTES) / BYTES_PER_MS[channels]), bytes: size };
  }

  /** Whether somebody is heard in a closed mono recording: so loud for so long, in all, as speech is. */
  async holdsSpeech(recordingId: string): Promise<boolean> {
    let heard = 0;
    let rest: Uint8Array = new Uint8Array(0);
    for await (const chunk of createReadStream(this.path(recordingId), { start: HEADER_BYTES }) as AsyncIterable<Uint8Array>) {
      const bytes = Buffer.concat([rest, chunk]);
      const whole = bytes.length - (bytes.length % FRAME_BYTES);
      for (let at = 0; at < whole; at += FRAME_BYTES) if (meanLevel(bytes.subarray(at, at + FRAME_BYTES)) >= SPEECH_LEVEL) heard += 1;
      rest = bytes.subarray(whole);
      if (heard >= SPEECH_FRAMES) return true;
    }
    return false;
  }

  /** Takes a recording's file away. */
  async remove(recordingId: string): Promise<void> {
    await rm(this.path(recordingId), { force: true });
  }

  private named(recordingId: string, extension: string): string {
    // The id is ours (a ULID) or came through a check for one; a path in it would be a hole.
    if (!/^[0-9A-Z]{26}$/.test(recordingId)) throw new Error(`Not a recording id: ${JSON.stringify(recordingId)}`);
    return join(this.folder, `${recordingId}.${extension}`);
  }

  private async sizeWhenStill(path: string): Promise<number | undefined> {
    const look = async (): Promise<number | undefined> => (await stat(path).catch(() => undefined))?.size;
    let size = await look();
    for (let looked = 0; size !== undefined && looked < LOOKS; looked += 1) {
      await pause(STILL_MS);
      const now = await look();
      if (now === size) break;
      size = now;
    }
    return size;
  }
}

function meanLevel(frame: Buffer): number {
  let sum = 0;
  for (let at = 0; at < frame.length; at += 2) sum += Math.abs(frame.readInt16LE(at));
  return sum / (frame.length / 2);
}

/** The header of a two-channel file at 8 kHz with so many bytes of samples. */
function headerFor(bytes: number): Uint8Array {
  const header = Buffer.from(writeWav([new Int16Array(0), new Int16Array(0)]).subarray(0, HEADER_BYTES));
  header.writeUInt32LE(bytes + HEADER_BYTES - 8, 4);
  header.writeUInt32LE(bytes, HEADER_BYTES - 4);
  return header;
}
