import { spawn, type ChildProcess } from 'node:child_process';
import { join } from 'node:path';
import { inject } from 'vitest';

const MAIN = join(import.meta.dirname, '..', 'dist', 'main.js');

/** The compiled `troncal`, running in a process of its own against the stack under test. */
export class RunningTroncal {
  out = '';
  err = '';
  /** Resolves with the exit code. */
  readonly ended: Promise<number | null>;
  private readonly child: ChildProcess;

  constructor(...argv: readonly string[]) {
    const env = { ...process.env, NO_COLOR: '1', TRONCAL_LANG: 'en' };
    this.child = spawn(process.execPath, [MAIN, ...argv, '--state', inject('stateFile')], { env, stdio: ['ignore', 'pipe', 'pipe'] });
    this.child.stdout?.on('data', (chunk: Buffer) => (this.out += chunk.toString()));
    this.child.stderr?.on('data', (chunk: Buffer) => (this.err += chunk.toString()));
    this.ended = new Promise((resolve) => this.child.once('close', (code) => resolve(code)));
  }

  /** Ctrl-C. */
  interrupt(): void {
    this.child.kill('SIGINT');
  }

  /** For `afterEach`: nothing stays behind when a test fails. */
  kill(): void {
    if (this.child.exitCode === null) this.child.kill('SIGKILL');
  }
}
