import net from 'node:net';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { natsPermissions, observerPermissions, type NatsPermissions } from '@troncal/contracts';
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
  const users = Object.entries({ ...natsPermissions(), [OBSERVER]: observerPermissions(OBSERVER) }).map(([user, permissions]) => userOf(user, permissions, secrets));
  return `${JSON.stringify(
    {
      server_name: 'troncal',
      listen: `127.0.0.1:${port}`,
      // 2.10 and later: every publish is on disk before it is acknowledged. An acknowledged event survives a power cut.
      jetstream: { store_dir: path.join(natsDir, 'jetstream'), sync_interval: 'always', max_memory_store: 64 * 1024 ** 2, max_file_store: 20 * 1024 ** 3 },
      max_payload: 1024 ** 2,
      lame_duck_duration: '30s',
      authorization: { timeout: 5, users },
    },
    null,
    2,
  )}\n`;
}

function userOf(user: string, permissions: NatsPermissions, secrets: Secrets): object {
  // An empty allow list would mean "anything": NATS takes a missing rule for no rule.
  const only = (subjects: readonly string[]): object => (subjects.length > 0 ? { allow: subjects } : { deny: ['>'] });
  return {
    user,
    password: secrets.of(natsSecret(user)),
    permissions: { publish: only(permissions.publish.allow), subscribe: only(permissions.subscribe.allow), ...(permissions.allowResponses ? { allow_responses: true } : {}) },
  };
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
