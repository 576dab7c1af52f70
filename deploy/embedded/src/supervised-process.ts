import { spawn, type ChildProcess } from 'node:child_process';
import fs from 'node:fs';
import { findOnPath } from '@troncal/parts';
import type { ChildRegistry } from './child-registry.js';
import { watchLife } from './life-watch.js';
import { openLog } from './log-file.js';

export interface ProcessSpec {
  /** Of log, registry and state file. */
  readonly name: string;
  readonly command: readonly string[];
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly cwd: string;
  /** Root drops to these before the program starts. */
  readonly runAs?: { readonly uid: number; readonly gid: number };
  readonly stopSignal: NodeJS.Signals;
  /** Milliseconds between the stop signal and SIGKILL. */
  readonly stopWithinMs: number;
  /** Node programs get an IPC channel: it tells them when the launcher is dead, and may carry a first message. */
  readonly ipc?: { readonly firstMessage?: unknown };
  /** Answers while the process can do anything at all. One that has answered once and then does no more is frozen: it is killed and replaced. */
  readonly liveUrl?: string;
  /** Clears what an unclean death left, before every start. */
  readonly beforeStart?: () => void | Promise<void>;
}

export interface ProcessEvents {
  /** Also after each restart. */
  started(name: string, pid: number): void;
  /** It ended though nobody asked; it will be started again in `retryInMs`, or not before it is released when that is `null`. */
  died(name: string, how: string, retryInMs: number | null): void;
}

/** The first restart is immediate: a killed process must be back before its callers notice. */
const BACKOFF_MS = [0, 250, 500, 1_000, 2_000, 5_000, 10_000];
const STEADY_AFTER_MS = 30_000;

/** One child that is kept running until `stop`. */
export class SupervisedProcess {
  private child: ChildProcess | null = null;
  private startedAt = 0;
  private failures = 0;
  private stopping = false;
  private held = false;
  private retry: NodeJS.Timeout | undefined;

  constructor(
    private readonly spec: ProcessSpec,
    private readonly logsDir: string,
    private readonly registry: ChildRegistry,
    private readonly events: ProcessEvents,
  ) {}

  get name(): string {
    return this.spec.name;
  }

  get pid(): number | null {
    return this.child?.pid ?? null;
  }

  /** Deaths in a row without 30 s of life between them. */
  get failuresInARow(): number {
    return this.failures;
  }

  async start(): Promise<void> {
    if (this.stopping || this.held) return;
    await this.spec.beforeStart?.();
    if (this.stopping || this.held) return;
    const log = openLog(this.logsDir, this.name);
    // Node children learn of our death by their IPC channel; two ways would signal them twice.
    const [file = '', ...args] = this.spec.ipc ? this.spec.command : withDeathSignal(this.spec.command, this.spec.stopSignal);
    const child = spawn(file, args, {
      cwd: this.spec.cwd,
      env: { ...this.spec.env },
      // A session of its own: Ctrl-C in the terminal must reach the launcher alone, which stops things in order.
      detached: true,
      stdio: this.spec.ipc ? ['ignore', log, log, 'ipc'] : ['ignore', log, log],
      ...(this.spec.runAs && process.getuid?.() === 0 ? this.spec.runAs : {}),
    });
    fs.closeSync(log);
    this.child = child;
    this.startedAt = Date.now();
    child.once('error', (error) => this.ended(child, error.message));
    child.once('exit', (code, signal) => this.ended(child, signal ?? `exit code ${code ?? '?'}`));
    // A child that dies while the message is on its way reports by 'exit'; the channel's own error adds nothing.
    child.on('error', () => {});
    if (child.pid === undefined) return;
    this.registry.add(this.name, child.pid, this.spec.stopSignal);
    if (this.spec.ipc?.firstMessage !== undefined) child.send(this.spec.ipc.firstMessage as object, () => {});
    this.events.started(this.name, child.pid);
    const { liveUrl } = this.spec;
    if (liveUrl !== undefined) watchLife(liveUrl, () => this.child === child && !this.stopping, () => child.kill('SIGKILL'));
  }

  private ended(child: ChildProcess, how: string): void {
    if (this.child !== child) return;
    this.child = null;
    this.registry.remove(this.name);
    if (this.stopping) return;
    if (this.held) return this.events.died(this.name, how, null);
    this.failures = Date.now() - this.startedAt > STEADY_AFTER_MS ? 1 : this.failures + 1;
    const delay = BACKOFF_MS[Math.min(this.failures - 1, BACKOFF_MS.length - 1)] ?? 0;
    this.events.died(this.name, how, delay);
    this.retry = setTimeout(() => {
      this.start().catch((error: unknown) => this.events.died(this.name, (error as Error).message, -1));
    }, delay);
  }

  /** What runs goes on; once it ends it stays down until `release`. For tests of an outage that lasts. */
  hold(): void {
    this.held = true;
    clearTimeout(this.retry);
  }

  /** Ends `hold`: what is down is started at once. */
  async release(): Promise<void> {
    this.held = false;
    clearTimeout(this.retry);
    this.failures = 0;
    if (this.child === null) await this.start();
  }

  /** Resolves when the program of this moment says that it listens, ends, or lets so much time go by; at once for one that has no channel to say it. */
  async listening(withinMs: number): Promise<void> {
    const { child } = this;
    if (!child || !this.spec.ipc) return;
    await new Promise<void>((resolve) => {
      setTimeout(resolve, withinMs).unref();
      child.once('exit', () => resolve());
      child.on('message', (message) => {
        if ((message as { readonly type?: unknown } | null)?.type === 'listening') resolve();
      });
    });
  }

  /** Stops it and doesn't start it again; resolves when it is gone. */
  async stop(): Promise<void> {
    this.stopping = true;
    clearTimeout(this.retry);
    const child = this.child;
    if (!child || child.exitCode !== null || child.signalCode !== null) return;
    const gone = new Promise<void>((resolve) => child.once('exit', () => resolve()));
    child.kill(this.spec.stopSignal);
    const timer = setTimeout(() => child.kill('SIGKILL'), this.spec.stopWithinMs);
    await gone;
    clearTimeout(timer);
  }
}

/**
 * Lets the kernel tell a program when the launcher dies, even by kill -9: setpriv sets the signal and becomes the program,
 * pid unchanged. Where there is no setpriv, the next start stops what was left.
 */
function withDeathSignal(command: readonly string[], signal: NodeJS.Signals): readonly string[] {
  const setpriv = findOnPath('setpriv', process.env['PATH']);
  return setpriv ? [setpriv, '--pdeathsig', signal.replace(/^SIG/, ''), ...command] : command;
}
