import fs from 'node:fs';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { isRoot, runProgram, type PostgresPart } from '@troncal/parts';
import type { ProcessSpec } from './supervised-process.js';

export interface PostgresPlan {
  readonly part: PostgresPart;
  readonly dataDir: string;
  readonly port: number;
  /** Of the role `postgres`. */
  readonly superuserPassword: string;
}

const SETTINGS = {
  listen_addresses: '127.0.0.1',
  // Services connect by TCP; a socket file would need a short path that every user may enter.
  unix_socket_directories: '',
  max_connections: '200',
  shared_buffers: '64MB',
  timezone: 'UTC',
  log_timezone: 'UTC',
  log_line_prefix: '%m [%p] %u ',
  // A laptop that sleeps must not lose a commit: durability stays at PostgreSQL's defaults (fsync and synchronous_commit on).
};

/** Makes the database cluster if it isn't there; a kill in the middle leaves a draft that the next attempt throws away. */
export async function initPostgres({ part, dataDir, superuserPassword }: PostgresPlan): Promise<void> {
  if (fs.existsSync(path.join(dataDir, 'PG_VERSION'))) return refuseOtherMajor(part, dataDir);
  const draft = `${dataDir}.draft`;
  fs.rmSync(draft, { recursive: true, force: true });
  fs.rmSync(dataDir, { recursive: true, force: true });
  fs.mkdirSync(draft, { mode: 0o700 });
  const passwordFile = path.join(draft, 'password');
  fs.writeFileSync(passwordFile, superuserPassword, { mode: 0o600 });
  const data = path.join(draft, 'data');
  if (isRoot()) for (const place of [draft, passwordFile]) fs.chownSync(place, part.runAs.uid, part.runAs.gid);
  // The builtin locale sorts alike on every machine and does not change with the system's C library.
  const locale = ['--encoding=UTF8', '--locale=C', '--locale-provider=builtin', '--builtin-locale=C.UTF-8'];
  const command = [path.join(part.binDir, 'initdb'), '-D', data, '-U', 'postgres', '--auth=scram-sha-256', `--pwfile=${passwordFile}`, ...locale];
  await runProgram(command, { env: environment(part), cwd: draft, ...(isRoot() ? part.runAs : {}) });
  fs.renameSync(data, dataDir);
  fs.rmSync(draft, { recursive: true, force: true });
}

function refuseOtherMajor(part: PostgresPart, dataDir: string): void {
  const major = fs.readFileSync(path.join(dataDir, 'PG_VERSION'), 'utf8').trim();
  if (part.version.split('.')[0] === major) return;
  throw new Error(`The data in ${dataDir} were written by PostgreSQL ${major}, and this is ${part.version}. Run npm run reset to forget them, or set TRONCAL_POSTGRES_BIN to a PostgreSQL ${major}.`);
}

/** The server process. SIGINT is its fast shutdown: sessions are ended, data are flushed. */
export function postgresProcess({ part, dataDir, port }: PostgresPlan): ProcessSpec {
  return {
    name: 'postgres',
    command: [path.join(part.binDir, 'postgres'), '-D', dataDir, '-p', String(port), ...Object.entries(SETTINGS).flatMap(([key, value]) => ['-c', `${key}=${value}`])],
    env: environment(part),
    cwd: dataDir,
    ...(isRoot() ? { runAs: part.runAs } : {}),
    stopSignal: 'SIGINT',
    stopWithinMs: 15_000,
    beforeStart: () => removeStalePidFile(dataDir),
  };
}

/**
 * PostgreSQL trusts the pid in its lock file if any process of its user has it: after a power cut that may be anything.
 * The file is removed unless that process really serves this folder.
 */
export function removeStalePidFile(dataDir: string): void {
  const file = path.join(dataDir, 'postmaster.pid');
  const pid = Number((readText(file) ?? '').split('\n')[0]);
  if (!pid) return;
  const commandLine = readText(`/proc/${pid}/cmdline`);
  if (commandLine === null || !commandLine.split('\0').includes(dataDir)) fs.rmSync(file, { force: true });
}

/** Waits until the server says in its lock file that it takes connections. */
export async function postgresReady(dataDir: string, withinMs: number): Promise<boolean> {
  const deadline = Date.now() + withinMs;
  while (Date.now() < deadline) {
    if ((readText(path.join(dataDir, 'postmaster.pid')) ?? '').split('\n')[7]?.trim() === 'ready') return true;
    await sleep(20);
  }
  return false;
}

function environment(part: PostgresPart): Record<string, string> {
  return { PATH: process.env['PATH'] ?? '/usr/bin:/bin', LD_LIBRARY_PATH: part.libDir, LC_ALL: 'C', HOME: '/nonexistent' };
}

function readText(file: string): string | null {
  try {
    return fs.readFileSync(file, 'utf8');
  } catch {
    return null;
  }
}
