import { spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { stackStateSchema, type StackState } from '@troncal/contracts';
import { ApiClient, eventually } from '@troncal/testing';

const ROOT = join(import.meta.dirname, '..', '..', '..', '..');
const LAUNCHER = join(ROOT, 'deploy', 'embedded', 'dist', 'main.js');

/** A whole Troncal as `npm start` runs it, in a folder of its own on free ports. */
export interface RunningTroncal {
  readonly state: StackState;
  readonly api: ApiClient;
  /** @throws when no such process runs */
  pidOf(name: string): number;
  /** The last lines of a process' log, for whoever finds that it went wrong. */
  logTail(this: void, name: string): string;
  close(): Promise<void>;
}

/** @param args further options of the launcher */
export async function startTroncal(args: readonly string[] = []): Promise<RunningTroncal> {
  const folder = mkdtempSync(join(tmpdir(), 'troncal-bench-'));
  const stateDir = join(folder, 'state');
  const { OPENAI_API_KEY: _key, ...env } = process.env;
  // With an IPC channel the launcher stops everything when this process is gone.
  const launcher = spawn(process.execPath, [LAUNCHER, 'start', '--state-dir', stateDir, '--ephemeral-ports', '--without-demo', ...args], { cwd: ROOT, env, stdio: ['ignore', 'pipe', 'pipe', 'ipc'] });
  const lines: string[] = [];
  for (const stream of [launcher.stdout, launcher.stderr]) stream?.on('data', (bytes: Buffer) => lines.push(bytes.toString()));
  const ended = new Promise<void>((resolve) => launcher.once('exit', () => resolve()));
  const close = async (): Promise<void> => {
    launcher.kill('SIGTERM');
    await ended;
    // The launcher knows what it keeps elsewhere (root's PostgreSQL data can't lie in a private folder).
    await new Promise((resolve) => spawn(process.execPath, [LAUNCHER, 'reset', '--state-dir', stateDir], { cwd: ROOT, stdio: 'ignore' }).once('exit', resolve));
    rmSync(folder, { recursive: true, force: true });
  };
  const read = (): StackState => stackStateSchema.parse(JSON.parse(readFileSync(join(stateDir, 'state.json'), 'utf8')));
  try {
    const state = await eventually('Troncal is ready', () => {
      if (launcher.exitCode !== null) return undefined;
      const now = read();
      return now.phase === 'ready' ? now : undefined;
    }, 120_000);
    const pidOf = (name: string): number => {
      const found = read().processes.find((each) => each.name === name);
      if (!found) throw new Error(`no process ${name} runs`);
      return found.pid;
    };
    const logTail = (name: string): string => readFileSync(join(state.directories.logs, `${name}.log`), 'utf8').split('\n').slice(-40).join('\n');
    return { state, logTail, api: new ApiClient(state.http.url, readFileSync(state.http.apiKeyFile, 'utf8').trim()), pidOf, close };
  } catch (cause) {
    await close();
    throw new Error(`Troncal did not start:\n${lines.join('').slice(-4_000)}`, { cause });
  }
}
