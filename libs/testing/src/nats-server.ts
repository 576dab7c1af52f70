import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createConnection } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { natsPermissions, natsServerConfig, observerPermissions, SERVICE_NAMES, type NatsUser, type ServiceName } from '@troncal/contracts';
import { ensurePart } from '@troncal/parts';
import { freePort, killServer, spawnServer } from './child-server.js';
import { eventually } from './eventually.js';

/** Who may connect, and as what. */
export interface NatsLogin {
  readonly url: string;
  readonly user: string;
  readonly password: string;
}

/** A real nats-server of the test run's own, with JetStream and with the permissions that the catalogue gives each service. */
export interface NatsServer {
  readonly port: number;
  readonly url: string;
  /** A user that may do anything. */
  readonly admin: NatsLogin;
  /** May read events and nothing else. */
  readonly observer: NatsLogin;
  /** The user of a service, with that service's permissions only. */
  login(service: ServiceName): NatsLogin;
  /** kill -9 */
  kill(): Promise<void>;
  /** Starts it again after `kill`, same port, same files. */
  restart(): Promise<void>;
  /** Kills it and removes its files. */
  stop(): Promise<void>;
}

/** Starts a server with every service's user. `users` adds further ones. */
export async function startNats(options: { readonly users?: readonly NatsUser[] } = {}): Promise<NatsServer> {
  const part = await ensurePart('nats');
  const folder = mkdtempSync(join(tmpdir(), 'troncal-test-nats-'));
  const port = await freePort();
  const permissions = natsPermissions();
  const users: NatsUser[] = [
    { user: 'admin', password: 'admin' },
    { user: 'observer', password: 'observer', permissions: observerPermissions() },
    ...SERVICE_NAMES.map((service) => ({ user: service, password: service, permissions: permissions[service] })),
    ...(options.users ?? []),
  ];
  const config = join(folder, 'nats.conf');
  writeFileSync(config, natsServerConfig({ host: '127.0.0.1', port, storeDir: join(folder, 'store'), maxFileStore: 4 * 1024 ** 3, users }), { mode: 0o600 });

  const start = async (): Promise<ReturnType<typeof spawnServer>> => {
    const child = spawnServer([...part.command, '-c', config, '-l', join(folder, 'nats.log')], { cwd: folder, temporaryFolder: folder, stdio: 'ignore' });
    await eventually('nats-server listens', () => listens(port), 30_000);
    return child;
  };
  let child = await start();
  const url = `nats://127.0.0.1:${port}`;
  const login = (user: string): NatsLogin => ({ url, user, password: user });
  return {
    port,
    url,
    admin: login('admin'),
    observer: login('observer'),
    login,
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

function listens(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = createConnection({ port, host: '127.0.0.1' }, () => {
      socket.destroy();
      resolve(true);
    });
    socket.once('error', () => resolve(false));
  });
}
