import net from 'node:net';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { natsPermissions, natsServerConfig, observerPermissions } from '@troncal/contracts';
import type { NatsPart } from '@troncal/parts';
import { writePrivateFile } from './private-file.js';
import type { Secrets } from './secrets.js';
import type { ProcessSpec } from './supervised-process.js';

export interface NatsPlan {
  readonly part: NatsPart;
  /** Holds nats.conf and the streams. */
  readonly natsDir: string;
  readonly port: number;
  readonly secrets: Secrets;
}

export const OBSERVER = 'observer';

/** The name under which a user's password is kept among the secrets. */
export const natsSecret = (user: string): string => `nats.${user}`;

/** nats.conf: JetStream on disk, and one user per service with what the catalogue of events allows it. */
export function renderNatsConf({ natsDir, port, secrets }: NatsPlan): string {
  const permissions = { ...natsPermissions(), [OBSERVER]: observerPermissions(OBSERVER) };
  const users = Object.entries(permissions).map(([user, allowed]) => ({ user, password: secrets.of(natsSecret(user)), permissions: allowed }));
  return natsServerConfig({ host: '127.0.0.1', port, storeDir: path.join(natsDir, 'jetstream'), maxFileStore: 20 * 1024 ** 3, users });
}

/** The server process; writes its configuration. */
export function natsProcess(plan: NatsPlan): ProcessSpec {
  const conf = path.join(plan.natsDir, 'nats.conf');
  return {
    name: 'nats',
    command: [...plan.part.command, '-c', conf],
    env: { PATH: process.env['PATH'], HOME: plan.natsDir },
    cwd: plan.natsDir,
    stopSignal: 'SIGTERM',
    stopWithinMs: 10_000,
    beforeStart: () => writePrivateFile(conf, renderNatsConf(plan)),
  };
}

/** Waits for the server's greeting that says JetStream is on. */
export async function natsReady(port: number, withinMs: number): Promise<boolean> {
  const deadline = Date.now() + withinMs;
  while (Date.now() < deadline) {
    if (/^INFO .*"jetstream":\s*true/.test(await greeting(port))) return true;
    await sleep(25);
  }
  return false;
}

function greeting(port: number): Promise<string> {
  return new Promise((resolve) => {
    const socket = net.connect({ port, host: '127.0.0.1' });
    let text = '';
    const end = (): void => {
      socket.destroy();
      resolve(text);
    };
    socket.setTimeout(1_000, end);
    socket.on('error', end);
    socket.on('close', end);
    socket.on('data', (bytes) => {
      text += bytes.toString('latin1');
      if (text.includes('\r\n')) end();
    });
  });
}
