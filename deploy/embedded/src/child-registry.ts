import { setTimeout as sleep } from 'node:timers/promises';
import { identifyProcess, isSameProcessAlive, type ProcessIdentity } from '@troncal/parts';
import { readJsonFile, writePrivateFile } from './private-file.js';

interface RegisteredChild extends ProcessIdentity {
  readonly name: string;
  /** How it wants to be told to stop. */
  readonly stopSignal: NodeJS.Signals;
}

/**
 * Remembers on disk which processes this launcher started, so that the next one can stop those that outlived an unclean
 * death. A process is known by pid and start time together: a reused pid is never signalled.
 */
export class ChildRegistry {
  private readonly children = new Map<string, RegisteredChild>();

  constructor(private readonly file: string) {}

  /** To be called right after each spawn. */
  add(name: string, pid: number, stopSignal: NodeJS.Signals): void {
    const identity = identifyProcess(pid);
    if (!identity) return;
    this.children.set(name, { name, stopSignal, ...identity });
    this.save();
  }

  remove(name: string): void {
    if (this.children.delete(name)) this.save();
  }

  private save(): void {
    writePrivateFile(this.file, JSON.stringify([...this.children.values()], null, 2));
  }

  /** Stops what an earlier launcher left running, services first; returns the names. Kills what doesn't stop in 8 s. */
  async stopLeftovers(): Promise<string[]> {
    const known = readJsonFile(this.file);
    const left = (Array.isArray(known) ? (known as RegisteredChild[]) : []).filter(isSameProcessAlive);
    for (const child of [...left].reverse()) signal(child, child.stopSignal);
    const deadline = Date.now() + 8_000;
    while (left.some(isSameProcessAlive) && Date.now() < deadline) await sleep(50);
    for (const child of left.filter(isSameProcessAlive)) signal(child, 'SIGKILL');
    while (left.some(isSameProcessAlive) && Date.now() < deadline + 2_000) await sleep(50);
    this.save();
    return left.map(({ name }) => name);
  }
}

function signal(child: RegisteredChild, name: NodeJS.Signals): void {
  try {
    process.kill(child.pid, name);
  } catch {
    // It ended between the look and the signal.
  }
}
