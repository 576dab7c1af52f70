import { randomBytes } from 'node:crypto';
import { chownSync, mkdirSync, mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { Database, ensureServiceDatabase } from '@troncal/persistence';
import { createLogger } from '@troncal/observability';
import { ensurePart, runProgram } from '@troncal/parts';
import { freePort, killServer, spawnServer } from './child-server.js';
import { eventually } from './eventually.js';

/** A fresh database with the roles and schema of one service; nothing migrated. */
export interface TestDatabase {
  readonly schema: string;
  readonly ownerUrl: string;
  readonly appUrl: string;
  readonly appRole: string;
  readonly adminUrl: string;
}

/** A real PostgreSQL of the test run's own, on a free loopback port. */
export interface PostgresServer {
  readonly port: number;
  /** The superuser's address. */
  adminUrl(database?: string): string;
  /** A fresh database for one suite. Left behind at the end: the whole server goes. */
  createDatabase(service?: string): Promise<TestDatabase>;
  /** kill -9 of the server and every connection's process. */
  kill(): Promise<void>;
  /** Starts it again after `kill`, same port, same data. */
  restart(): Promise<void>;
  /** Kills it and removes its data. */
  stop(): Promise<void>;
}

// fsync off: a killed server loses nothing, only a power cut would; tests are several times quicker. (synchronous_commit off would lose commits.)
const DURABILITY = /^(fsync|synchronous_commit|full_page_writes)=/;
// dynamic shared memory in files of its own folder: what a killed server leaves in /dev/shm stays until the machine is started anew.
const SETTINGS = ['fsync=off', 'full_page_writes=off', 'dynamic_shared_memory_type=mmap', 'shared_buffers=32MB', 'max_connections=200', 'unix_socket_directories=', 'listen_addresses=127.0.0.1'];

/**
 * Starts a server of one's own, for suites that kill it. The others share one: {@link sharedPostgres}. `durable` makes it wait for
 * the disk at each commit, as a product's server does: for benchmarks.
 */
export async function startPostgres(options: { readonly durable?: boolean } = {}): Promise<PostgresServer> {
  const part = await ensurePart('postgres');
  const isRoot = process.getuid?.() === 0;
  const folder = mkdtempSync(join(placeFor(isRoot), 'troncal-test-pg-'));
  if (isRoot) chownSync(folder, part.runAs.uid, part.runAs.gid);
  const data = join(folder, 'data');
  const identity = isRoot ? { uid: part.runAs.uid, gid: part.runAs.gid } : {};
  const env = { LD_LIBRARY_PATH: part.libDir, PATH: process.env['PATH'] ?? '', LC_ALL: 'C' };
  const initdb = [join(part.binDir, 'initdb'), '-D', data, '-U', 'postgres', '-A', 'trust', '-E', 'UTF8', '--no-locale', '--no-sync'];
  await runProgram(initdb, { env, cwd: folder, ...identity });

  const port = await freePort();
  const start = async (): Promise<ReturnType<typeof spawnServer>> => {
    const command = [join(part.binDir, 'postgres'), '-D', data, '-p', String(port), ...(options.durable ? SETTINGS.filter((setting) => !DURABILITY.test(setting)) : SETTINGS).flatMap((setting) => ['-c', setting])];
    const child = spawnServer(command, { cwd: folder, temporaryFolder: folder, env, stdio: 'ignore', ...identity });
    const probe = adminDatabase(adminUrl('postgres'));
    try {
      await eventually('PostgreSQL answers', () => probe.ping(), 30_000);
    } finally {
      await probe.close();
    }
    return child;
  };
  const adminUrl = (database = 'postgres'): string => `postgres://postgres@127.0.0.1:${port}/${database}`;
  let child = await start();
  return {
    port,
    adminUrl,
    createDatabase: (service = 'suite') => createDatabase(port, adminUrl, service),
    kill: () => killServer(child),
    restart: async () => {
      child = await start();
    },
    stop: async () => {
      await killServer(child);
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

/** Where its files are: `npm test` has a temporary folder in memory. Root's server runs as nobody, who can't pass through to most temporary folders. */
function placeFor(isRoot: boolean): string {
  const passable = (folder: string): boolean => (statSync(folder).mode & 0o001) !== 0 && (folder === dirname(folder) || passable(dirname(folder)));
  if (!isRoot || passable(tmpdir())) return tmpdir();
  mkdirSync('/var/tmp', { recursive: true });
  return '/var/tmp';
}

let shared: Promise<PostgresServer> | undefined;

/** One server for all suites of this worker, started at the first call and killed with the worker. Never kill or stop it. */
export function sharedPostgres(): Promise<PostgresServer> {
  shared ??= startPostgres();
  return shared;
}

async function createDatabase(port: number, adminUrl: (database?: string) => string, service: string): Promise<TestDatabase> {
  const name = `${service.replaceAll('-', '_')}_${randomBytes(4).toString('hex')}`;
  const admin = adminDatabase(adminUrl());
  try {
    // The template's files as they are: their way through the log takes several times as long.
    await admin.run(`CREATE DATABASE ${name} STRATEGY file_copy`);
  } finally {
    await admin.close();
  }
  const schema = service.replaceAll('-', '_');
  const roles = { schema, ownerRole: `${name}_owner`, ownerPassword: 'owner', appRole: `${name}_app`, appPassword: 'app' };
  await ensureServiceDatabase(adminUrl(name), roles);
  const url = (role: string, password: string): string => `postgres://${role}:${password}@127.0.0.1:${port}/${name}`;
  return {
    schema,
    ownerUrl: url(roles.ownerRole, roles.ownerPassword),
    appUrl: url(roles.appRole, roles.appPassword),
    appRole: roles.appRole,
    adminUrl: adminUrl(name),
  };
}

function adminDatabase(url: string): Database {
  const logger = createLogger({ service: 'testing', level: 'silent' });
  return new Database({ url, schema: 'public', logger, applicationName: 'troncal tests', poolSize: 1, connectTimeoutMs: 10_000 });
}
