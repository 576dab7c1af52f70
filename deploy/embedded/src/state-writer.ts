import fs from 'node:fs';
import { stackStateSchema, type StackState } from '@troncal/contracts';
import { identifyProcess } from '@troncal/parts';
import { logPath } from './log-file.js';
import { readJsonFile, writePrivateFile } from './private-file.js';

/** Keeps `state.json` true while the launcher runs: whole, 0600, replaced in one step at each change. */
export class StateWriter {
  private state: StackState;

  constructor(
    private readonly file: string,
    private readonly logsDir: string,
    initial: Omit<StackState, 'version' | 'phase' | 'launcher' | 'processes'>,
  ) {
    const me = identifyProcess(process.pid) ?? { pid: process.pid, startedAt: '' };
    this.state = { version: 1, phase: 'starting', launcher: me, processes: [], ...initial };
    this.save();
  }

  get current(): StackState {
    return this.state;
  }

  change(values: Partial<StackState>): void {
    this.state = { ...this.state, ...values };
    this.save();
  }

  /** Replaces the entry of a process that was started, or started again. */
  started(name: string, pid: number): void {
    const startedAt = identifyProcess(pid)?.startedAt ?? '';
    this.change({ processes: [...this.without(name), { name, pid, startedAt, logFile: logPath(this.logsDir, name) }] });
  }

  gone(name: string): void {
    this.change({ processes: this.without(name) });
  }

  private without(name: string): StackState['processes'] {
    return this.state.processes.filter((process) => process.name !== name);
  }

  private save(): void {
    writePrivateFile(this.file, `${JSON.stringify(this.state, null, 2)}\n`);
  }
}

/** Reads a state file; null when there is none, or one of another version. */
export function readStackState(file: string): StackState | null {
  if (!fs.existsSync(file)) return null;
  const parsed = stackStateSchema.safeParse(readJsonFile(file));
  return parsed.success ? parsed.data : null;
}
