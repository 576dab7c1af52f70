import { randomUUID } from 'node:crypto';
import fs from 'node:fs';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { identifyProcess, isSameProcessAlive, type ProcessIdentity } from './process-identity.js';

export interface CacheLockOptions {
  /** Called once when another process holds the lock. */
  readonly onWait?: (holder: ProcessIdentity) => void;
  /** Milliseconds until giving up; default 15 minutes, longer than the slowest download. */
  readonly timeoutMs?: number;
}

/**
 * Runs `work` while this process alone holds the lock file; a lock left by a killed process is taken over at once.
 * The lock only saves double work: what it guards is renamed into place atomically, so that even two holders do no harm.
 * @throws Error when another live process holds it for longer than `timeoutMs`.
 */
export async function withCacheLock<T>(file: string, work: () => Promise<T>, options: CacheLockOptions = {}): Promise<T> {
  const me = identifyProcess(process.pid) ?? { pid: process.pid, startedAt: 'unknown' };
  const mark = JSON.stringify({ ...me, nonce: randomUUID() });
  const deadline = Date.now() + (options.timeoutMs ?? 15 * 60_000);
  fs.mkdirSync(path.dirname(file), { recursive: true, mode: 0o755 });
  for (let waited = false; !tryTake(file, mark); ) {
    const seen = readHolder(file);
    if (seen === null) continue;
    if (seen.holder === null || !isSameProcessAlive(seen.holder)) {
      removeStale(file, seen.text);
      continue;
    }
    if (!waited) options.onWait?.(seen.holder);
    waited = true;
    if (Date.now() > deadline) {
      throw new Error(`${file} has been held by process ${seen.holder.pid} for too long. Stop that process, or remove the file if it is not Troncal's.`);
    }
    await sleep(200);
  }
  try {
    return await work();
  } finally {
    if (readHolder(file)?.text === mark) fs.rmSync(file, { force: true });
  }
}

/** Creates the lock with its content in one step: a half-written lock would look stale to others. */
function tryTake(file: string, mark: string): boolean {
  const draft = `${file}.${randomUUID()}`;
  fs.writeFileSync(draft, mark, { mode: 0o644 });
  try {
    fs.linkSync(draft, file);
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false;
    throw error;
  } finally {
    fs.rmSync(draft, { force: true });
  }
}

function readHolder(file: string): { text: string; holder: ProcessIdentity | null } | null {
  let text: string;
  try {
    text = fs.readFileSync(file, 'utf8');
  } catch {
    return null;
  }
  try {
    const value = JSON.parse(text) as Partial<ProcessIdentity>;
    const valid = typeof value.pid === 'number' && typeof value.startedAt === 'string';
    return { text, holder: valid ? { pid: value.pid as number, startedAt: value.startedAt as string } : null };
  } catch {
    return { text, holder: null };
  }
}

/** Moves the stale lock aside first, and gives it back if it was someone's fresh one after all. */
function removeStale(file: string, judged: string): void {
  const aside = `${file}.${randomUUID()}`;
  try {
    fs.renameSync(file, aside);
    if (fs.readFileSync(aside, 'utf8') !== judged) fs.linkSync(aside, file);
  } catch {
    // Another process cleaned it up in the same moment.
  }
  fs.rmSync(aside, { force: true });
}
