import { randomUUID } from 'node:crypto';
import fs from 'node:fs';

/**
 * Replaces a file that only its owner may read, in one step: whoever reads it sees the old text or the new one whole, also
 * after a power cut.
 */
export function writePrivateFile(file: string, text: string): void {
  const draft = `${file}.${randomUUID().slice(0, 8)}`;
  const handle = fs.openSync(draft, 'wx', 0o600);
  try {
    fs.writeSync(handle, text);
    fs.fsyncSync(handle);
  } finally {
    fs.closeSync(handle);
  }
  fs.renameSync(draft, file);
}

/** Reads JSON; null when the file isn't there or isn't JSON. */
export function readJsonFile(file: string): unknown {
  try {
    return JSON.parse(fs.readFileSync(file, 'utf8'));
  } catch {
    return null;
  }
}
