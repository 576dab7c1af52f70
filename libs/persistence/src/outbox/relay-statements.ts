import type { Session } from '../postgres/session.js';
import type { Prepared } from '../postgres/tx.js';

// Every sent event leaves a dead entry in the index of unsent ones until the next vacuum. A plain index scan marks those it meets, and
// later scans skip them; a bitmap scan, which the planner prefers on tables it knows little of, reads each of them again in every batch (PostgreSQL 18, EXPLAIN
// BUFFERS: 16,000 rows visited to find none after half a minute at 500 events/s). Proved by relay-statements.spec.
const SCANS = ['enable_bitmapscan = off', 'enable_seqscan = off', 'enable_hashjoin = off', 'enable_mergejoin = off'];

/** Events to send next, the oldest first; an event that waits for its next try holds back the later ones of its aggregate. */
export const UNSENT: Prepared = {
  name: 'outbox.unsent',
  text: `SELECT id, event_id, aggregate_key, subject, envelope, headers, attempts FROM outbox o
       WHERE sent_at IS NULL AND NOT EXISTS (
         SELECT 1 FROM outbox earlier
         WHERE earlier.aggregate_key = o.aggregate_key AND earlier.sent_at IS NULL AND earlier.id <= o.id AND earlier.retry_at > now())
       ORDER BY id LIMIT $1`,
};
export const MARK_SENT: Prepared = { name: 'outbox.mark', text: 'UPDATE outbox SET sent_at = now(), last_error = NULL WHERE id = ANY($1)' };

/** Settings of the relay's own session. */
export async function prepareSession(session: Session): Promise<void> {
  // What this session writes is only notes of what was sent. One lost in a power cut sends its event again, under the same id; waiting
  // for the disk would delay every event by it.
  await session.run('SET synchronous_commit TO off');
  for (const setting of SCANS) await session.run(`SET ${setting}`);
}
