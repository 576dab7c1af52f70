import type { NatsPermissions } from './permissions.js';

/** A user of the NATS server. Without permissions it may do anything: for whoever runs the platform. */
export interface NatsUser {
  readonly user: string;
  readonly password: string;
  readonly permissions?: NatsPermissions;
}

export interface NatsServerSettings {
  readonly host: string;
  readonly port: number;
  /** Where JetStream keeps its files. Always given: the server's default is below /tmp. */
  readonly storeDir: string;
  /** Bytes that all streams together may take. */
  readonly maxFileStore: number;
  readonly users: readonly NatsUser[];
  /** HTTP monitoring on the same host; none when absent. */
  readonly monitorPort?: number;
}

/**
 * The text of a nats-server configuration (2.10 or later), in JSON, which the server reads like its own syntax. `sync_interval: always`
 * makes an acknowledged event survive a power cut; the default would lose up to two minutes of them.
 */
export function natsServerConfig({ host, port, monitorPort, storeDir, maxFileStore, users }: NatsServerSettings): string {
  const config = {
    server_name: 'troncal',
    listen: `${host}:${port}`,
    ...(monitorPort === undefined ? {} : { http: `${host}:${monitorPort}` }),
    jetstream: { store_dir: storeDir, sync_interval: 'always', max_memory_store: 64 * 1024 ** 2, max_file_store: maxFileStore },
    max_payload: 1024 ** 2,
    lame_duck_duration: '30s',
    authorization: { timeout: 5, users: users.map(userEntry) },
  };
  return `${JSON.stringify(config, null, 2)}\n`;
}

function userEntry({ user, password, permissions }: NatsUser): object {
  if (!permissions) return { user, password };
  const { publish, subscribe, allowResponses } = permissions;
  return { user, password, permissions: { publish: only(publish.allow), subscribe: only(subscribe.allow), ...(allowResponses ? { allow_responses: { max: 1, expires: '1m' } } : {}) } };
}

/** An empty list of what is allowed would mean "anything": NATS takes a missing rule for no rule. */
function only(subjects: readonly string[]): object {
  return subjects.length > 0 ? { allow: subjects } : { deny: ['>'] };
}
