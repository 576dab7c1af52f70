import { spawn, type ChildProcess } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { StackState } from '@troncal/contracts';
import { readStackState, stateLayout, type LauncherAnswer, type LauncherOrder } from '@troncal/embedded';

const ROOT = path.resolve(import.meta.dirname, '..', '..', '..');
const MAIN = path.join(ROOT, 'deploy/embedded/dist/main.js');

/** A launcher of a test's own, beside the one that all stack suites share. */
export class LauncherProcess {
  private constructor(
    readonly child: ChildProcess,
    readonly stateDir: string,
    private readonly lines: string[],
  ) {}

  static start(stateDir: string, args: readonly string[] = [], env: Readonly<Record<string, string>> = {}): LauncherProcess {
    const { OPENAI_API_KEY: _, ...own } = process.env;
    const child = spawn(process.execPath, [MAIN, 'start', '--state-dir', stateDir, '--ephemeral-ports', ...args], { cwd: ROOT, env: { ...own, ...env }, stdio: ['ignore', 'pipe', 'pipe', 'ipc'] });
    const lines: string[] = [];
    for (const stream of [child.stdout, child.stderr]) stream?.on('data', (bytes: Buffer) => lines.push(bytes.toString('utf8')));
    return new LauncherProcess(child, stateDir, lines);
  }

  get output(): string {
    return this.lines.join('');
  }

  /** The state, once everything is ready. */
  async ready(withinMs = 90_000): Promise<StackState> {
    const file = stateLayout(this.stateDir).stateFile;
    const deadline = Date.now() + withinMs;
    for (;;) {
      const state = readStackState(file);
      if (state?.phase === 'ready' && state.launcher.pid === this.child.pid) return state;
      if (this.child.exitCode !== null || Date.now() > deadline) throw new Error(`not ready (exit code ${this.child.exitCode}):\n${this.output.slice(-4_000)}`);
      await sleep(50);
    }
  }

  /** Read afresh: pids change when a part is replaced. */
  get state(): StackState {
    const state = readStackState(stateLayout(this.stateDir).stateFile);
    if (!state) throw new Error('there is no state file');
    return state;
  }

  /** kill -9 of one process, which stays down until `release`. */
  async killAndHold(name: string): Promise<void> {
    await this.order('hold', name);
    const pid = this.state.processes.find((each) => each.name === name)?.pid;
    if (pid === undefined) throw new Error(`no process ${name} runs`);
    process.kill(pid, 'SIGKILL');
  }

  release(name: string): Promise<void> {
    return this.order('release', name);
  }

  private async order(order: LauncherOrder['order'], name: string): Promise<void> {
    const { fault } = await new Promise<LauncherAnswer>((resolve) => {
      this.child.once('message', (answer) => resolve(answer as LauncherAnswer));
      this.child.send({ id: 1, order, names: [name] } satisfies LauncherOrder);
    });
    if (fault !== null) throw new Error(fault);
  }

  /** Sends the signal and waits for the end. */
  async end(signal: NodeJS.Signals): Promise<number | null> {
    const ended = this.ended();
    this.child.kill(signal);
    return ended;
  }

  ended(): Promise<number | null> {
    if (this.child.exitCode !== null || this.child.signalCode !== null) return Promise.resolve(this.child.exitCode);
    return new Promise((resolve) => this.child.once('exit', (code) => resolve(code)));
  }
}

/** Runs the launcher with these arguments to its end. */
export async function runLauncher(args: readonly string[], env: Readonly<Record<string, string>> = {}): Promise<{ code: number | null; output: string }> {
  const child = spawn(process.execPath, [MAIN, ...args], { cwd: ROOT, env: { ...process.env, ...env }, stdio: ['ignore', 'pipe', 'pipe'] });
  let output = '';
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (bytes: Buffer) => (output += bytes.toString('utf8')));
  const code = await new Promise<number | null>((resolve) => child.once('close', resolve));
  return { code, output };
}

/** Command lines of live processes that mention a folder, this test's own left out. */
export function processesOf(...folders: readonly string[]): string[] {
  return fs
    .readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name) && Number(name) !== process.pid)
    .flatMap((pid) => {
      try {
        const command = fs.readFileSync(`/proc/${pid}/cmdline`, 'utf8').replaceAll('\0', ' ').trim();
        return folders.some((folder) => command.includes(folder)) ? [`${pid} ${command}`] : [];
      } catch {
        return [];
      }
    });
}
