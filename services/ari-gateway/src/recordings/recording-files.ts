import { open, stat } from 'node:fs/promises';
import { join } from 'node:path';

/** Bytes before the samples in a WAV file of Asterisk 22 (format_wav): RIFF, fmt and data headers. */
const HEADER_BYTES = 44;
const BYTES_PER_MS = 16;

/** The files that Asterisk's recordings become. */
export class RecordingFiles {
  constructor(private readonly folder: string) {}

  path(recordingId: string): string {
    // The id is ours (a ULID) or came through a check for one; a path in it would be a hole.
    if (!/^[0-9A-Z]{26}$/.test(recordingId)) throw new Error(`Not a recording id: ${JSON.stringify(recordingId)}`);
    return join(this.folder, `${recordingId}.wav`);
  }

  /** Length and size of a closed recording; undefined when there is no such file or it holds no sound. */
  async measure(recordingId: string): Promise<{ readonly durationMs: number; readonly bytes: number } | undefined> {
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
    return { durationMs: Math.round((size - HEADER_BYTES) / BYTES_PER_MS), bytes: size };
  }
}
