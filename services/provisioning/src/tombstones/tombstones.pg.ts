import type { Tx } from '@troncal/persistence';

/** What leaves a tombstone. */
export type Kind = 'tenant' | 'endpoint' | 'number' | 'route';

/** Where the revisions of something that was removed ended. */
export interface Past {
  readonly revision: number;
  readonly credentialRevision: number;
}

/** Numbers wander between tenants, so their revisions are counted over all of them. */
export const ANY_TENANT = '';

/**
 * What the last thing under this key had reached; zeros when there never was one. Until the transaction ends nobody else may create
 * under this key: one who did, and removed it again, would have gone on counting.
 */
export async function pastOf(tx: Tx, kind: Kind, tenant: string, key: string): Promise<Past> {
  await tx.query('SELECT pg_advisory_xact_lock(hashtextextended($1, 0))', [`provisioning.${kind}/${tenant}/${key}`]);
  const [row] = await tx.query<{ revision: number; credential_revision: number }>('SELECT revision, credential_revision FROM tombstones WHERE kind = $1 AND tenant = $2 AND key = $3', [
    kind,
    tenant,
    key,
  ]);
  return { revision: row?.revision ?? 0, credentialRevision: row?.credential_revision ?? 0 };
}

/** Remembers where it ended; the revision is the one that told of the removal. */
export async function bury(tx: Tx, kind: Kind, tenant: string, key: string, past: Past): Promise<void> {
  await tx.run(
    `INSERT INTO tombstones (kind, tenant, key, revision, credential_revision) VALUES ($1, $2, $3, $4, $5)
     ON CONFLICT (kind, tenant, key) DO UPDATE SET revision = excluded.revision, credential_revision = excluded.credential_revision`,
    [kind, tenant, key, past.revision, past.credentialRevision],
  );
}
