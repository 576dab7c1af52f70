import fs from 'node:fs';
import path from 'node:path';

const LARGEST = 10 * 1024 * 1024;
const KEPT = 3;

/**
 * Opens `<logsDir>/<name>.log` for appending and returns the descriptor, to be handed to a child: what it writes reaches the
 * file even when the launcher is dead. A file over 10 MB is set aside first; three old ones are kept.
 */
export function openLog(logsDir: string, name: string): number {
  const file = logPath(logsDir, name);
  if (fs.existsSync(file) && fs.statSync(file).size > LARGEST) {
    for (let age = KEPT - 1; age >= 1; age--) {
      if (fs.existsSync(`${file}.${age}`)) fs.renameSync(`${file}.${age}`, `${file}.${age + 1}`);
    }
    fs.renameSync(file, `${file}.1`);
  }
  return fs.openSync(file, 'a', 0o600);
}

export function logPath(logsDir: string, name: string): string {
  return path.join(logsDir, `${name}.log`);
}

/** The last lines of a log, for a message about a part that doesn't start. */
export function logTail(logsDir: string, name: string, lines = 12): string {
  try {
    const file = logPath(logsDir, name);
    const size = fs.statSync(file).size;
    const handle = fs.openSync(file, 'r');
    const bytes = Buffer.alloc(Math.min(size, 16_384));
    fs.readSync(handle, bytes, 0, bytes.length, size - bytes.length);
    fs.closeSync(handle);
    return bytes.toString('utf8').trimEnd().split('\n').slice(-lines).join('\n');
  } catch {
    return '';
  }
}
