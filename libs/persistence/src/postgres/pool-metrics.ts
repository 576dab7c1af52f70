import type { Metrics } from '@troncal/observability';
import type { Database } from './database.js';

/** Publishes how busy the pool is. */
export function observePool(db: Database, metrics: Metrics): void {
  metrics.gauge('troncal_database_connections_count', (connections) => {
    const { total, idle } = db.load();
    connections.set({ state: 'idle' }, idle);
    connections.set({ state: 'busy' }, total - idle);
  });
  metrics.gauge('troncal_database_waiting_count', (waiting) => waiting.set(db.load().waiting));
}
