import { spawn, type ChildProcess } from 'node:child_process';
import path from 'node:path';

const EDGE = path.resolve(import.meta.dirname, '..', '..', 'docker', 'dist', 'edge.js');

/** An Asterisk that a person starts from a folder that `troncal edges add --folder` wrote: what `npm run edge` runs. */
export class EdgeByHand {
  private constructor(
    private readonly child: ChildProcess,
    private readonly lines: string[],
  ) {}

  static start(folder: string, env: Readonly<Record<string, string>>): EdgeByHand {
    const child = spawn(process.execPath, [EDGE, '--folder', folder], { env: { PATH: process.env['PATH'], HOME: process.env['HOME'], ...env }, stdio: ['ignore', 'pipe', 'pipe'] });
    const lines: string[] = [];
    for (const stream of [child.stdout, child.stderr]) stream.on('data', (bytes: Buffer) => lines.push(bytes.toString('utf8')));
    return new EdgeByHand(child, lines);
  }

  get output(): string {
    return this.lines.join('');
  }

  /** As Ctrl-C does. @returns its exit code */
  async end(): Promise<number | null> {
    const ended = new Promise<number | null>((resolve) => this.child.once('exit', (code) => resolve(code)));
    this.child.kill('SIGINT');
    return ended;
  }

  /** In order, twice as hard, if a test has left it: a killed one would leave its Asterisk behind. */
  async kill(): Promise<void> {
    if (this.child.exitCode !== null || this.child.signalCode !== null) return;
    const ended = this.end();
    this.child.kill('SIGINT');
    await ended;
  }
}
