import { natsPermissions, natsServerConfig, observerPermissions } from '@troncal/contracts';
import type { SetupSettings } from './settings.js';

const OBSERVER = 'observer';
const CLUSTER_USER = 'cluster';

/**
 * The text of nats.conf: one user per service with what the catalogue of events allows it, and events synced before they are acknowledged.
 * With NATS_CLUSTER_HOSTS the servers know each other by routes on port 6222.
 */
export function renderNatsConfig(settings: SetupSettings, secret: (name: string) => string): string {
  const permissions = { ...natsPermissions(), [OBSERVER]: observerPermissions(OBSERVER) };
  const users = Object.entries(permissions).map(([user, allowed]) => ({ user, password: secret(`${user}.nats-password`), permissions: allowed }));
  const text = natsServerConfig({ host: '0.0.0.0', port: 4222, monitorPort: 8222, storeDir: settings.NATS_STORE_DIR, maxFileStore: settings.NATS_MAX_STORE_BYTES, users });
  const config = { ...(JSON.parse(text) as Record<string, unknown>), server_name: settings.NATS_SERVER_NAME };
  if (settings.NATS_CLUSTER_HOSTS.length === 0) return `${JSON.stringify(config, null, 2)}\n`;
  const password = secret('nats-cluster-password');
  const routes = settings.NATS_CLUSTER_HOSTS.map((host) => `nats://${CLUSTER_USER}:${password}@${host}:6222`);
  const cluster = { name: 'troncal', listen: '0.0.0.0:6222', authorization: { user: CLUSTER_USER, password, timeout: 5 }, routes };
  return `${JSON.stringify({ ...config, cluster }, null, 2)}\n`;
}
