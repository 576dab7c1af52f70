import { Injectable } from '@nestjs/common';
import { Database, type SealedSecret, type Tx } from '@troncal/persistence';
import type { Webhook } from './webhook.js';
import { WebhookRepository, type WebhookChange, type WebhookWithSecrets } from './webhooks.repository.js';

interface Row {
  readonly id: string;
  readonly tenant: string;
  readonly url: string;
  readonly types: string[];
  readonly description: string;
  readonly key_id: string;
  readonly sealed_secret: Buffer;
  readonly old_key_id: string | null;
  readonly old_sealed_secret: Buffer | null;
  readonly old_until: Date | null;
  readonly old_valid: boolean;
  readonly disabled_at: Date | null;
  readonly disabled_reason: string | null;
  readonly failing_since: Date | null;
  readonly last_success_at: Date | null;
  readonly last_failure: string | null;
  readonly created_at: Date;
}

const SHOWN = `id, tenant, url, types, description, key_id, sealed_secret, old_key_id, old_sealed_secret, old_until, coalesce(old_until > now(), false) AS old_valid,
  disabled_at, disabled_reason, failing_since, last_success_at, last_failure, created_at`;

@Injectable()
export class PgWebhookRepository extends WebhookRepository {
  constructor(private readonly db: Database) {
    super();
  }

  async list(tenant: string): Promise<Webhook[]> {
    return (await this.db.query<Row>(`SELECT ${SHOWN} FROM webhooks WHERE tenant = $1 ORDER BY id`, [tenant])).map(toWebhook);
  }

  async find(tenant: string, id: string): Promise<WebhookWithSecrets | undefined> {
    const [row] = await this.db.query<Row>(`SELECT ${SHOWN} FROM webhooks WHERE tenant = $1 AND id = $2`, [tenant, id]);
    return row && { webhook: toWebhook(row), secrets: secretsOf(row) };
  }

  async insert(webhook: Webhook, { keyId, sealed }: SealedSecret, most: number): Promise<boolean> {
    return this.db.transaction(async (tx) => {
      // Two at once would both count one too few.
      await tx.run(`SELECT pg_advisory_xact_lock(hashtext('webhooks'), hashtext($1))`, [webhook.tenant]);
      const added = await tx.run(
        `INSERT INTO webhooks (id, tenant, url, types, description, key_id, sealed_secret, created_at)
         SELECT $1, $2, $3, $4, $5, $6, $7, $8 WHERE (SELECT count(*) FROM webhooks WHERE tenant = $2) < $9`,
        [webhook.id, webhook.tenant, webhook.url, webhook.types, webhook.description, keyId, sealed, webhook.createdAt, most],
      );
      return added === 1;
    });
  }

  async change(tenant: string, id: string, { url, types, description, enabled }: WebhookChange): Promise<Webhook | undefined> {
    const [row] = await this.db.query<Row>(
      `UPDATE webhooks SET url = coalesce($3, url), types = coalesce($4, types), description = coalesce($5, description),
         disabled_at = CASE WHEN $6 THEN NULL WHEN NOT $6 THEN coalesce(disabled_at, now()) ELSE disabled_at END,
         disabled_reason = CASE WHEN $6 THEN NULL WHEN NOT $6 THEN coalesce(disabled_reason, 'switched off by its owner') ELSE disabled_reason END,
         failing_since = CASE WHEN $6 THEN NULL ELSE failing_since END
       WHERE tenant = $1 AND id = $2 RETURNING ${SHOWN}`,
      [tenant, id, url ?? null, types ?? null, description ?? null, enabled ?? null],
    );
    return row && toWebhook(row);
  }

  async rotate(tenant: string, id: string, { keyId, sealed }: SealedSecret, oldHours: number): Promise<Webhook | undefined> {
    const [row] = await this.db.query<Row>(
      `UPDATE webhooks SET old_key_id = key_id, old_sealed_secret = sealed_secret, old_until = now() + make_interval(hours => $5), key_id = $3, sealed_secret = $4
       WHERE tenant = $1 AND id = $2 RETURNING ${SHOWN}`,
      [tenant, id, keyId, sealed, oldHours],
    );
    return row && toWebhook(row);
  }

  async remove(tenant: string, id: string): Promise<boolean> {
    return (await this.db.run('DELETE FROM webhooks WHERE tenant = $1 AND id = $2', [tenant, id])) === 1;
  }

  async removeAllOf(tx: Tx, tenant: string): Promise<void> {
    await tx.run('DELETE FROM webhooks WHERE tenant = $1', [tenant]);
  }

  async disable(tx: Tx, id: string, reason: string, unlessDeliveredSince: Date | null): Promise<Webhook | undefined> {
    const [row] = await tx.query<Row>(
      `UPDATE webhooks SET disabled_at = now(), disabled_reason = $2
       WHERE id = $1 AND disabled_at IS NULL AND ($3::timestamptz IS NULL OR last_success_at IS NULL OR last_success_at < $3) RETURNING ${SHOWN}`,
      [id, reason, unlessDeliveredSince],
    );
    if (row) await tx.run(`UPDATE webhook_deliveries SET state = 'held', leased_until = NULL WHERE webhook = $1 AND state = 'pending'`, [id]);
    return row && toWebhook(row);
  }

  async sealedOtherwise(keyId: string): Promise<{ readonly tenant: string; readonly id: string; readonly secret: SealedSecret }[]> {
    const rows = await this.db.query<Row>(`SELECT ${SHOWN} FROM webhooks WHERE key_id <> $1 OR (old_key_id <> $1 AND old_until > now())`, [keyId]);
    return rows.flatMap((row) => secretsOf(row).filter((secret) => secret.keyId !== keyId).map((secret) => ({ tenant: row.tenant, id: row.id, secret })));
  }

  async reseal(id: string, from: SealedSecret, to: SealedSecret): Promise<void> {
    await this.db.run('UPDATE webhooks SET key_id = $3, sealed_secret = $4 WHERE id = $1 AND sealed_secret = $2', [id, from.sealed, to.keyId, to.sealed]);
    await this.db.run('UPDATE webhooks SET old_key_id = $3, old_sealed_secret = $4 WHERE id = $1 AND old_sealed_secret = $2', [id, from.sealed, to.keyId, to.sealed]);
  }
}

function secretsOf(row: Pick<Row, 'key_id' | 'sealed_secret' | 'old_key_id' | 'old_sealed_secret' | 'old_valid'>): SealedSecret[] {
  const newest = { keyId: row.key_id, sealed: row.sealed_secret };
  return row.old_valid && row.old_key_id !== null && row.old_sealed_secret ? [newest, { keyId: row.old_key_id, sealed: row.old_sealed_secret }] : [newest];
}

function toWebhook(row: Row): Webhook {
  const { id, tenant, url, types, description } = row;
  return {
    id,
    tenant,
    url,
    types,
    description,
    disabled: row.disabled_at && { at: row.disabled_at, reason: row.disabled_reason ?? '' },
    failingSince: row.failing_since,
    lastSuccessAt: row.last_success_at,
    lastFailure: row.last_failure,
    oldSecretUntil: row.old_valid ? row.old_until : null,
    createdAt: row.created_at,
  };
}
