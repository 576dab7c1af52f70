import { Injectable } from '@nestjs/common';
import type { WebhookDeliveryView } from '@troncal/contracts';
import { Database, type SealedSecret, type Tx } from '@troncal/persistence';
import { DeliveryRepository, type ClaimedDelivery, type ClaimLimits, type QueuedEvent, type ReplayRange } from './deliveries.repository.js';

interface ClaimedRow {
  readonly webhook: string;
  readonly tenant: string;
  readonly url: string;
  readonly key_id: string;
  readonly sealed_secret: Buffer;
  readonly old_key_id: string | null;
  readonly old_sealed_secret: Buffer | null;
  readonly event_id: string;
  readonly body: string;
  readonly attempts: number;
  readonly created_at: Date;
  readonly leased_until: Date;
}

interface Listed {
  readonly event_id: string;
  readonly type: string;
  readonly event_time: Date;
  readonly state: WebhookDeliveryView['state'];
  readonly attempts: number;
  readonly due_at: Date;
  readonly last_status: number | null;
  readonly last_failure: string | null;
}

const QUEUE = {
  name: 'webhooks.queue',
  text: `INSERT INTO webhook_deliveries (webhook, event_id, type, event_time, body, state)
     SELECT id, $1, $2, $3, $4, CASE WHEN disabled_at IS NULL THEN 'pending' ELSE 'held' END FROM webhooks WHERE tenant = $5 AND types && $6::text[]
     ON CONFLICT DO NOTHING RETURNING state`,
};

// Few of each webhook at a time: one that answers slowly must not take every hand. Milliseconds only, so that the lease comes back as it went out.
const CLAIM = {
  name: 'webhooks.claim',
  text: `WITH due AS (
       SELECT d.webhook, d.event_id FROM webhooks w CROSS JOIN LATERAL (
         SELECT webhook, event_id FROM webhook_deliveries
         WHERE webhook = w.id AND state = 'pending' AND due_at <= now() AND (leased_until IS NULL OR leased_until <= now())
         ORDER BY due_at LIMIT $2 FOR UPDATE SKIP LOCKED) d
       WHERE w.disabled_at IS NULL AND w.id <> ALL ($4::text[]) LIMIT $1)
     UPDATE webhook_deliveries q SET attempts = q.attempts + 1, leased_until = date_trunc('milliseconds', now()) + make_interval(secs => $3)
     FROM due, webhooks w WHERE q.webhook = due.webhook AND q.event_id = due.event_id AND w.id = q.webhook
     RETURNING q.webhook, w.tenant, w.url, w.key_id, w.sealed_secret, CASE WHEN w.old_until > now() THEN w.old_key_id END AS old_key_id,
       CASE WHEN w.old_until > now() THEN w.old_sealed_secret END AS old_sealed_secret, q.event_id, q.body, q.attempts, q.created_at, q.leased_until`,
};

@Injectable()
export class PgDeliveryRepository extends DeliveryRepository {
  constructor(private readonly db: Database) {
    super();
  }

  async queue(tx: Tx, { id, tenant, type, time, body, patterns }: QueuedEvent): Promise<number> {
    const queued = await tx.query<{ state: string }>(QUEUE, [id, type, time, body, tenant, patterns]);
    return queued.filter(({ state }) => state === 'pending').length;
  }

  async claim({ most, perWebhook, leaseSeconds, except }: ClaimLimits): Promise<ClaimedDelivery[]> {
    return (await this.db.query<ClaimedRow>(CLAIM, [most, perWebhook, leaseSeconds, except])).map(toClaimed);
  }

  async delivered({ webhook, eventId }: ClaimedDelivery, status: number): Promise<void> {
    await this.db.transaction(async (tx) => {
      await tx.run(
        `UPDATE webhook_deliveries SET state = 'delivered', leased_until = NULL, last_status = $3, last_failure = NULL WHERE webhook = $1 AND event_id = $2`,
        [webhook, eventId, status],
      );
      await tx.run('UPDATE webhooks SET last_success_at = now(), failing_since = NULL, last_failure = NULL WHERE id = $1', [webhook]);
    });
  }

  async failed({ webhook, eventId, lease }: ClaimedDelivery, failure: string, status: number | null, waitMs: number): Promise<void> {
    await this.db.transaction(async (tx) => {
      await tx.run(
        `UPDATE webhook_deliveries SET leased_until = NULL, due_at = now() + make_interval(secs => $4), last_status = $5, last_failure = $6
         WHERE webhook = $1 AND event_id = $2 AND leased_until = $3 AND state = 'pending'`,
        [webhook, eventId, lease, waitMs / 1_000, status, failure],
      );
      await noteFailure(tx, webhook, failure);
    });
  }

  async givenUp(tx: Tx, { webhook, eventId }: ClaimedDelivery, failure: string, status: number | null): Promise<void> {
    await tx.run(
      `UPDATE webhook_deliveries SET state = 'failed', leased_until = NULL, last_status = $3, last_failure = $4
       WHERE webhook = $1 AND event_id = $2 AND state = 'pending'`,
      [webhook, eventId, status, failure],
    );
    await noteFailure(tx, webhook, failure);
  }

  async replay(webhook: string, { since, until, delivered }: ReplayRange): Promise<number> {
    return this.db.run(
      `UPDATE webhook_deliveries SET state = 'pending', attempts = 0, due_at = now(), leased_until = NULL
       WHERE webhook = $1 AND event_time >= $2 AND event_time <= coalesce($3, 'infinity'::timestamptz) AND state = ANY ($4::text[])`,
      [webhook, since, until, delivered ? ['failed', 'held', 'delivered'] : ['failed', 'held']],
    );
  }

  async list(webhook: string, limit: number): Promise<WebhookDeliveryView[]> {
    const rows = await this.db.query<Listed>(
      `SELECT event_id, type, event_time, state, attempts, due_at, last_status, last_failure
       FROM webhook_deliveries WHERE webhook = $1 ORDER BY event_id DESC LIMIT $2`,
      [webhook, limit],
    );
    return rows.map((row) => ({
      id: row.event_id,
      type: row.type,
      time: row.event_time.toISOString(),
      state: row.state,
      attempts: row.attempts,
      nextTryAt: row.state === 'pending' ? row.due_at.toISOString() : null,
      lastStatus: row.last_status,
      lastFailure: row.last_failure,
    }));
  }

  async forget(days: number): Promise<void> {
    await this.db.run(`DELETE FROM webhook_deliveries WHERE state <> 'pending' AND created_at < now() - make_interval(days => $1)`, [days]);
  }
}

async function noteFailure(tx: Tx, webhook: string, failure: string): Promise<void> {
  await tx.run('UPDATE webhooks SET failing_since = coalesce(failing_since, now()), last_failure = $2 WHERE id = $1', [webhook, failure]);
}

function toClaimed(row: ClaimedRow): ClaimedDelivery {
  const secrets: SealedSecret[] = [{ keyId: row.key_id, sealed: row.sealed_secret }];
  if (row.old_key_id !== null && row.old_sealed_secret) secrets.push({ keyId: row.old_key_id, sealed: row.old_sealed_secret });
  const { webhook, tenant, url, body, attempts } = row;
  return { webhook, tenant, url, secrets, eventId: row.event_id, body, attempts, createdAt: row.created_at, lease: row.leased_until };
}
