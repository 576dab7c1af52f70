import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync } from 'node:fs';
import { readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { stackStateSchema, type StackState } from '@troncal/contracts';
import type { TestProject } from 'vitest/node';

const ROOT = join(import.meta.dirname, '..', '..', '..');
const LAUNCHER = join(ROOT, 'deploy', 'embedded', 'dist', 'main.js');
const START_DEADLINE_MS = 180_000;

declare module 'vitest' {
  interface ProvidedContext {
    /** The state file of the Troncal that all stack suites share. */
    stateFile: string;
  }
}

async function readState(file: string): Promise<StackState | undefined> {
  try {
    return stackStateSchema.parse(JSON.parse(await readFile(file, 'utf8')));
  } catch {
    return undefined;
  }
}

async function untilReady(file: string, launcher: ChildProcess, output: () => string): Promise<void> {
  const deadline = performance.now() + START_DEADLINE_MS;
  while ((await readState(file))?.phase !== 'ready') {
    if (launcher.exitCode !== null) throw new Error(`the launcher ended with code ${launcher.exitCode} before it was ready:\n${output()}`);
    if (performance.now() > deadline) throw new Error(`the launcher was not ready within ${START_DEADLINE_MS / 1000} s:\n${output()}`);
    await sleep(100);
  }
}

/**
 * Starts one whole Troncal, as `npm start` does, in a folder of its own on free ports, and stops it when all suites are done.
 * `TRONCAL_STACK_STATE` names the state file of a Troncal that runs already (for work on one suite).
 */
export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  const running = process.env['TRONCAL_STACK_STATE'];
  if (running) {
    project.provide('stateFile', running);
    return () => Promise.resolve();
  }
  const folder = mkdtempSync(join(tmpdir(), 'troncal-stack-'));
  const stateDir = join(folder, 'state');
  const env = { ...process.env };
  // The suites speak to the simulator, whatever keys the developer has.
  delete env['OPENAI_API_KEY'];
  const launcher = spawn(process.execPath, [LAUNCHER, 'start', '--state-dir', stateDir, '--ephemeral-ports'], { cwd: ROOT, env, stdio: ['ignore', 'pipe', 'pipe', 'ipc'] });
  const lines: string[] = [];
  for (const stream of [launcher.stdout, launcher.stderr]) stream?.on('data', (chunk: Buffer) => lines.push(chunk.toString()));
  const stop = async (): Promise<void> => {
    if (launcher.exitCode === null) {
      const ended = new Promise((resolve) => launcher.once('exit', resolve));
      launcher.kill('SIGTERM');
      // Without ref: the timer that lost the race would keep vitest from ending.
      await Promise.race([ended, sleep(30_000, undefined, { ref: false })]);
      if (launcher.exitCode === null) launcher.kill('SIGKILL');
    }
    if (process.env['TRONCAL_KEEP_STACK']) return;
    // The launcher knows what it keeps elsewhere (root's PostgreSQL data can't lie in a private folder).
    await once(spawn(process.execPath, [LAUNCHER, 'reset', '--state-dir', stateDir], { cwd: ROOT, stdio: 'ignore' }), 'exit');
    await rm(folder, { recursive: true, force: true });
  };
  const stateFile = join(stateDir, 'state.json');
  try {
    await untilReady(stateFile, launcher, () => lines.join('').slice(-4_000));
  } catch (error) {
    await stop();
    throw error;
  }
  project.provide('stateFile', stateFile);
  return stop;
}
