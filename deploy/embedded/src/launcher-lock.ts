import fs from 'node:fs';
import { identifyProcess, isSameProcessAlive, type ProcessIdentity } from '@troncal/parts';
import { readJsonFile } from './private-file.js';

/** Another launcher of the same state folder is at work. */
export class AlreadyRunningError extends Error {
  override readonly name = 'AlreadyRunningError';
  constructor(readonly pid: number) {
    super(`Troncal is already running from this folder (process ${pid}).`);
  }
}

/**
 * Claims the state folder for this process until `release`; a claim left by a killed launcher is taken over.
 * @throws AlreadyRunningError
 */
export function claimState(lockFile: string): { release(): void } {
  const me = identifyProcess(process.pid) ?? { pid: process.pid, startedAt: '' };
  for (;;) {
    const draft = `${lockFile}.${process.pid}`;
    fs.writeFileSync(draft, JSON.stringify(me), { mode: 0o600 });
    try {
      // A link is made whole or not at all: two launchers at once can't both succeed, nor see half a file.
      fs.linkSync(draft, lockFile);
      return { release: () => fs.rmSync(lockFile, { force: true }) };
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
      const holder = runningLauncher(lockFile);
      if (holder) throw new AlreadyRunningError(holder.pid);
      fs.rmSync(lockFile, { force: true });
    } finally {
      fs.rmSync(draft, { force: true });
    }
  }
}

/** The live launcher of this state folder, if any. */
export function runningLauncher(lockFile: string): ProcessIdentity | null {
  const holder = readJsonFile(lockFile) as Partial<ProcessIdentity> | null;
  if (typeof holder?.pid !== 'number' || typeof holder.startedAt !== 'string') return null;
  const identity = { pid: holder.pid, startedAt: holder.startedAt };
  return isSameProcessAlive(identity) ? identity : null;
}
