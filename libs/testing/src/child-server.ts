import { spawn, type ChildProcess, type SpawnOptions } from 'node:child_process';
import { createServer } from 'node:net';
import type { Writable } from 'node:stream';
import { setTimeout as sleep } from 'node:timers/promises';
import { isRunning, treeOf } from './process-tree.js';

/**
 * Outlives the test run by a moment: when the run's process is gone, however it went (a worker is often killed, and then runs no
 * exit handler), the pipe ends and every server still on the list is killed and its folder removed.
 */
const WARDEN = `
const { rmSync } = require('node:fs');
const servers = new Map();
require('node:readline').createInterface({ input: process.stdin }).on('line', (line) => {
  const { group, folder, gone } = JSON.parse(line);
  if (gone) servers.delete(group);
  else servers.set(group, folder);
}).on('close', () => {
  for (const [group, folder] of servers) {
    try { process.kill(-group, 'SIGKILL'); } catch {}
    if (folder) rmSync(folder, { recursive: true, force: true, maxRetries: 5, retryDelay: 100 });
  }
});
`;
let warden: Writable | undefined;

function tellWarden(message: { readonly group: number; readonly folder?: string; readonly gone?: true }): void {
  if (!warden) {
    const child = spawn(process.execPath, ['-e', WARDEN], { stdio: ['pipe', 'ignore', 'ignore'], detached: true });
    child.unref();
    warden = child.stdin;
    // It must not keep the run alive, and its own end must not end the run.
    (child.stdin as Writable & { unref?(): void }).unref?.();
    child.stdin.on('error', () => {});
  }
  warden.write(`${JSON.stringify(message)}\n`);
}

/**
 * A server program in a process group of its own, so that its children die with it. Whatever the test run started is killed when
 * the run's process is gone; `temporaryFolder` is then removed.
 */
export function spawnServer(command: readonly string[], options: SpawnOptions & { readonly temporaryFolder?: string }): ChildProcess {
  const [program, ...args] = command;
  if (program === undefined) throw new Error('No program given.');
  const { temporaryFolder, ...spawnOptions } = options;
  const child = spawn(program, args, { ...spawnOptions, detached: true });
  const group = child.pid;
  if (group !== undefined) {
    tellWarden({ group, ...(temporaryFolder === undefined ? {} : { folder: temporaryFolder }) });
    // A killed server may be started again in the same folder: only its process is forgotten.
    child.once('exit', () => tellWarden({ group, gone: true }));
  }
  return child;
}

/** kill -9 of the program and all it started; resolves when every one of them is gone. */
export async function killServer(child: ChildProcess): Promise<void> {
  const { pid } = child;
  if (pid === undefined || child.exitCode !== null || child.signalCode !== null) return;
  const gone = new Promise((resolve) => child.once('exit', resolve));
  // A process that PostgreSQL started for a connection leaves its group, and would serve that connection for a moment longer.
  const started = treeOf(pid).filter((each) => each !== pid);
  kill(-pid);
  for (const each of started) kill(each);
  await gone;
  while (started.some(isRunning)) await sleep(5);
}

function kill(pid: number): void {
  try {
    process.kill(pid, 'SIGKILL');
  } catch {
    // Gone already.
  }
}

// Below the kernel's own range, in which a client that redials a killed server can connect to itself, and above the launcher's.
const FIRST_PORT = Number(process.env['TRONCAL_TEST_PORTS_FROM'] ?? 30_000);
const PORTS_PER_WORKER = 600;
const WORKERS = 4;
let nextPort = Math.floor(Math.random() * PORTS_PER_WORKER);

/**
 * A port that is free on the loopback address, from a range that no other worker of this run takes from and never the same one
 * twice in a round: a server that is killed and started again finds its own still free.
 */
export async function freePort(): Promise<number> {
  const first = FIRST_PORT + ((Number(process.env['VITEST_POOL_ID'] ?? 1) - 1) % WORKERS) * PORTS_PER_WORKER;
  for (let tried = 0; tried < PORTS_PER_WORKER; tried++) {
    const port = first + (nextPort++ % PORTS_PER_WORKER);
    if (await canListen(port)) return port;
  }
  throw new Error(`No port is free from ${first} to ${first + PORTS_PER_WORKER - 1}: something left servers behind.`);
}

function canListen(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const probe = createServer();
    probe.once('error', () => resolve(false));
    probe.listen(port, '127.0.0.1', () => probe.close(() => resolve(true)));
  });
}
