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
 * The text of a nats-server configuration (2.10 or later). `sync_interval: always` makes an acknowledged event survive a power cut;
 * the default would lose up to two minutes of them.
 */
export function natsServerConfig(settings: NatsServerSettings): string {
  return [
    `listen: ${JSON.stringify(`${settings.host}:${settings.port}`)}`,
    ...(settings.monitorPort === undefined ? [] : [`http: ${JSON.stringify(`${settings.host}:${settings.monitorPort}`)}`]),
    'max_payload: 1MB',
    'jetstream {',
    `  store_dir: ${JSON.stringify(settings.storeDir)}`,
    `  max_file_store: ${settings.maxFileStore}`,
    '  max_memory_store: 16MB',
    '  sync_interval: always',
    '}',
    'authorization {',
    '  users: [',
    ...settings.users.map(userLine),
    '  ]',
    '}',
    '',
  ].join('\n');
}

function userLine({ user, password, permissions }: NatsUser): string {
  const rules = permissions
    ? `, permissions: { publish: { allow: ${JSON.stringify(permissions.publish.allow)} }, subscribe: { allow: ${JSON.stringify(permissions.subscribe.allow)} }${permissions.allowResponses ? ', allow_responses: { max: 1, expires: "1m" }' : ''} }`
    : '';
  return `    { user: ${JSON.stringify(user)}, password: ${JSON.stringify(password)}${rules} }`;
}
