import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath, pathToFileURL } from 'node:url';
import type { StackState } from '@troncal/contracts';
import { readStackState, stateLayout, type LauncherAnswer, type LauncherOrder } from '@troncal/embedded';
import { ApiClient, eventually } from '@troncal/testing';
import type { SourceChange } from '../plants/plant.js';

const ROOT = fileURLToPath(new URL('../../../../', import.meta.url));
const LAUNCHER = path.join(ROOT, 'deploy/embedded/dist/main.js');
/** As compiled: the children run what is built, whoever runs us. */
const PRELOAD = pathToFileURL(path.join(ROOT, 'deploy/chaos/dist/plants/preload.js'));
const READY_WITHIN_MS = 120_000;

export interface TroncalOptions {
  /** `service.NAME=value`, as the launcher's `--set`. */
  readonly settings?: readonly string[];
  /** Changes of its processes' code: what a fault needs, and deliberate defects. */
  readonly changes?: readonly SourceChange[];
}

/**
 * A whole Troncal of a run's own, started by the launcher as `npm start` does, in a folder of its own on free ports. Whatever happens to this
 * process, the launcher stops everything: its IPC channel closes.
 */
export class Troncal {
  private orders = 0;
  private readonly answers = new Map<number, (answer: LauncherAnswer) => void>();

  private constructor(
    private readonly launcher: ChildProcess,
    private readonly folder: string,
    private readonly lines: string[],
    readonly first: StackState,
    readonly api: ApiClient,
  ) {
    launcher.on('message', (message) => {
      const answer = message as LauncherAnswer;
      this.answers.get(answer.id)?.(answer);
    });
  }

  /** Resolves when all is ready. @throws with the launcher's last words */
  static async start(options: TroncalOptions = {}): Promise<Troncal> {
    const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'troncal-chaos-'));
    const ordersDir = path.join(folder, 'orders');
    fs.mkdirSync(ordersDir);
    fs.writeFileSync(path.join(ordersDir, 'plants.json'), JSON.stringify(options.changes ?? []));
    const { OPENAI_API_KEY: _key, ...own } = process.env;
    // The children get NODE_OPTIONS from the launcher; a query tells the preload where its orders are.
    const preload = new URL(PRELOAD);
    preload.searchParams.set('orders', ordersDir);
    const args = ['start', '--state-dir', path.join(folder, 'state'), '--ephemeral-ports', '--without-demo', ...(options.settings ?? []).flatMap((setting) => ['--set', setting])];
    const launcher = spawn(process.execPath, [LAUNCHER, ...args], { cwd: ROOT, env: { ...own, NODE_OPTIONS: `${own.NODE_OPTIONS ?? ""} --import ${preload.href}`.trim() }, stdio: ['ignore', 'pipe', 'pipe', 'ipc'] });
    // The phones of an earlier fault have put this process before others; that is not for what it starts.
    if (launcher.pid !== undefined) os.setPriority(launcher.pid, 0);
    const lines: string[] = [];
    for (const stream of [launcher.stdout, launcher.stderr]) stream?.on('data', (bytes: Buffer) => lines.push(bytes.toString('utf8')));
    try {
      const died = once(launcher, 'exit').then(([code]) => Promise.reject(new Error(`the launcher ended with code ${code}`)));
      const ready = eventually('Troncal is ready', () => {
        const now = readStackState(stateLayout(path.join(folder, 'state')).stateFile);
        return now?.phase === 'ready' && now.launcher.pid === launcher.pid ? now : undefined;
      }, READY_WITHIN_MS);
      died.catch(() => {});
      const state = await Promise.race([ready, died]);
      const key = fs.readFileSync(state.http.apiKeyFile, 'utf8').trim();
      return new Troncal(launcher, folder, lines, state, new ApiClient(state.http.url, key));
    } catch (cause) {
      launcher.kill('SIGTERM');
      throw new Error(`Troncal did not start:\n${lines.join('').slice(-4_000)}`, { cause });
    }
  }

  /** Read afresh: pids change when a part is replaced. */
  state(): StackState {
    const state = readStackState(stateLayout(path.join(this.folder, 'state')).stateFile);
    if (!state) throw new Error('the state file is gone');
    return state;
  }

  get layout(): ReturnType<typeof stateLayout> {
    return stateLayout(path.join(this.folder, 'state'));
  }

  get output(): string {
    return this.lines.join('');
  }

  pidOf(name: string): number | undefined {
    return this.state().processes.find((each) => each.name === name)?.pid;
  }

  /** Signals one process; what the launcher does about it is the launcher's affair. @throws when no such process runs */
  signal(name: string, signal: NodeJS.Signals): number {
    const pid = this.pidOf(name);
    if (pid === undefined) throw new Error(`no process ${name} runs: ${this.state().processes.map((each) => each.name).join(', ')}`);
    process.kill(pid, signal);
    return pid;
  }

  /** kill -9, and another one at once: the launcher's patience with what dies again and again is not what is measured. Resolves when it runs. */
  async replace(name: string): Promise<void> {
    await this.hold([name]);
    const pid = this.pidOf(name);
    if (pid !== undefined) {
      process.kill(pid, 'SIGKILL');
      await eventually(`${name} is dead`, () => this.pidOf(name) !== pid);
    }
    await this.release([name]);
  }

  /** These processes stay down once they end, until `release`. */
  hold(names: readonly string[]): Promise<void> {
    return this.order('hold', names);
  }

  /** Ends `hold`: what is down is started. */
  release(names: readonly string[]): Promise<void> {
    return this.order('release', names);
  }

  /** Has the next start of a process die at a crash label: `outbox.after-publish`, or `…:3` for the third pass. Taken once. */
  armCrash(name: string, label: string): void {
    fs.writeFileSync(path.join(this.folder, 'orders', `${name}.crash`), label);
  }

  /** From its next start on a process finds what these settings name at other ports: a proxy's. */
  movePorts(name: string, ports: Readonly<Record<string, number>>): void {
    fs.writeFileSync(path.join(this.folder, 'orders', `${name}.ports.json`), JSON.stringify(ports));
  }

  /** A file that changed code looks for (`{{orders}}/<name>`): there or not. */
  flag(name: string, there: boolean): void {
    const file = path.join(this.folder, 'orders', name);
    if (there) fs.writeFileSync(file, '');
    else fs.rmSync(file, { force: true });
  }

  /** Where each of its parts listens. */
  get ports(): Readonly<Record<string, number>> {
    return JSON.parse(fs.readFileSync(this.layout.portsFile, 'utf8')) as Record<string, number>;
  }

  /** Whether the process has started with its crash label armed. */
  crashTaken(name: string): boolean {
    return !fs.existsSync(path.join(this.folder, 'orders', `${name}.crash`));
  }

  disarmCrash(name: string): void {
    fs.rmSync(path.join(this.folder, 'orders', `${name}.crash`), { force: true });
  }

  /** True when every service says that it is ready. */
  async isReady(): Promise<boolean> {
    try {
      const response = await fetch(new URL('/health/ready', this.api.url), { signal: AbortSignal.timeout(1_000) });
      await response.arrayBuffer();
      return response.status === 200;
    } catch {
      return false;
    }
  }

  /** Stops everything and removes its folder; `keep` leaves the folder for looking into. */
  async stop(keep = false): Promise<void> {
    if (this.launcher.exitCode === null) {
      const ended = once(this.launcher, 'exit');
      this.launcher.kill('SIGTERM');
      await Promise.race([ended, sleep(40_000, undefined, { ref: false })]);
      if (this.launcher.exitCode === null) this.launcher.kill('SIGKILL');
    }
    if (keep) return;
    await once(spawn(process.execPath, [LAUNCHER, 'reset', '--state-dir', path.join(this.folder, 'state')], { cwd: ROOT, stdio: 'ignore' }), 'exit');
    fs.rmSync(this.folder, { recursive: true, force: true });
  }

  private async order(order: LauncherOrder['order'], names: readonly string[]): Promise<void> {
    const id = (this.orders += 1);
    const answer = await new Promise<LauncherAnswer>((resolve) => {
      this.answers.set(id, resolve);
      this.launcher.send({ id, order, names } satisfies LauncherOrder);
    });
    this.answers.delete(id);
    if (answer.fault !== null) throw new Error(`the launcher did not ${order} ${names.join(', ')}: ${answer.fault}`);
  }
}
