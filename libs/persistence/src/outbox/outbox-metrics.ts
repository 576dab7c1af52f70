import type { Metrics } from '@troncal/observability';
import type { Database } from '../postgres/database.js';

interface Backlog {
  readonly waiting: number;
  readonly age: number | null;
}

/** Publishes how many events wait and how old the oldest is. While the database is away both keep their last value. */
export function observeOutbox(db: Database, metrics: Metrics): void {
  metrics.gauge('troncal_outbox_age_seconds', async (age) => {
    const backlog = await outboxBacklog(db).catch(() => undefined);
    if (!backlog) return;
    waiting.set(backlog.waiting);
    age.set(backlog.ageSeconds);
  });
  const waiting = metrics.gauge('troncal_outbox_waiting_count');
}

/** How many events wait, and the age of the oldest in seconds. */
export async function outboxBacklog(db: Database): Promise<{ readonly waiting: number; readonly ageSeconds: number }> {
  const [row] = await db.query<Backlog>(
    'SELECT count(*) AS waiting, extract(epoch FROM now() - min(created_at))::float8 AS age FROM outbox WHERE sent_at IS NULL',
  );
  return { waiting: row?.waiting ?? 0, ageSeconds: row?.age ?? 0 };
}
