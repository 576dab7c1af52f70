import type { ChildProcess } from 'node:child_process';
import { ApiClient } from './api-client.js';
import { killServer, spawnServer } from './child-server.js';
import { eventually } from './eventually.js';
import { programEnv } from './service-program.js';
import type { SilentProxy } from './silent-proxy.js';

/** One gateway process whose every way out can fall silent. */
export class GatewayReplica {
  /** What it has asked of Asterisk over HTTP, request lines only. */
  readonly asked: string[] = [];
  readonly api: ApiClient;
  private child: ChildProcess | undefined;

  constructor(
    readonly name: string,
    private readonly main: string,
    private readonly env: Readonly<Record<string, string>>,
    readonly ways: { readonly ari: SilentProxy; readonly ami: SilentProxy; readonly nats: SilentProxy; readonly postgres: SilentProxy },
    key: string,
  ) {
    this.api = new ApiClient(env['REPLICA_URL'] ?? '', key);
  }

  /** Also again, after its end. @param more settings of this one life */
  start(more: Readonly<Record<string, string>> = {}): void {
    this.child = spawnServer([process.execPath, '--enable-source-maps', this.main], { env: { ...programEnv(), ...this.env, ...more }, stdio: process.env['REPLICA_LAB_LOGS'] ? 'inherit' : 'ignore' });
  }

  async ready(): Promise<void> {
    await eventually(`${this.name} is ready`, async () => {
      const { status, body } = await this.api.send('GET', '/health/ready');
      if (status !== 200) throw new Error(JSON.stringify(body));
      return true;
    }, 40_000);
  }

  /** Resolves when the process has ended, by whatever; with the signal that ended it. */
  async died(): Promise<NodeJS.Signals | null> {
    const { child } = this;
    if (!child) throw new Error(`${this.name} was not started`);
    if (child.exitCode === null && child.signalCode === null) await new Promise((resolve) => child.once('exit', resolve));
    return child.signalCode;
  }

  signal(signal: NodeJS.Signals): void {
    if (this.child?.pid === undefined) throw new Error(`${this.name} does not run`);
    process.kill(this.child.pid, signal);
  }

  async kill(): Promise<void> {
    if (this.child) await killServer(this.child);
  }

  /** As SIGTERM does; resolves when it has ended. */
  async end(): Promise<void> {
    this.signal('SIGTERM');
    await this.died();
  }

  /** From now on nothing of what it says or is told arrives, and nobody learns of it. */
  silence(): void {
    for (const way of Object.values(this.ways)) way.silence();
  }

  /** What was on its way arrives. */
  speak(): void {
    for (const way of Object.values(this.ways)) way.speak();
  }

  /** Requests that change something at Asterisk, since `from`. */
  commandsSince(from: number): string[] {
    return this.asked.slice(from).filter((line) => !line.startsWith('GET '));
  }
}
