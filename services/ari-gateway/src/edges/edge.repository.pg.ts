import { crashPoint } from '@troncal/config';
import type { Database, Tx } from '@troncal/persistence';
import type { EdgeRepository, EdgeRow, Holder, Registration, RemovedEdge, Tenure } from './edge.repository.js';

/** Edges, and the phones and trunks that are reachable through them, in PostgreSQL. */
export class PgEdgeRepository implements EdgeRepository {
  constructor(private readonly db: Database) {}

  async list(): Promise<EdgeRow[]> {
    return this.db.query<EdgeRow>(
      `SELECT edge_id AS "edgeId", CASE WHEN e.state IS NULL OR e.state = 'removed' THEN 'declared' ELSE e.state END AS state, e.reason, e.version,
         coalesce(e.changed_at, d.updated_at) AS "changedAt", coalesce(e.epoch, 0) AS epoch, e.holder, e.url
       FROM edges e FULL JOIN edge_declarations d USING (edge_id) WHERE e.state <> 'removed' OR d.edge_id IS NOT NULL ORDER BY edge_id`,
    );
  }

  async put(tx: Tx, edge: Pick<EdgeRow, 'edgeId' | 'state' | 'reason' | 'version'>): Promise<void> {
    await tx.run(
      `INSERT INTO edges (edge_id, state, reason, version) VALUES ($1, $2, $3, $4)
       ON CONFLICT (edge_id) DO UPDATE SET state = excluded.state, reason = excluded.reason, version = coalesce(excluded.version, edges.version), changed_at = now()
       WHERE edges.state <> 'removed'`,
      [edge.edgeId, edge.state, edge.reason, edge.version],
    );
  }

  async epoch(edgeId: string): Promise<number> {
    const [row] = await this.db.query<{ epoch: number }>('SELECT epoch FROM edges WHERE edge_id = $1', [edgeId]);
    return row?.epoch ?? 0;
  }

  async own({ edgeId, epoch }: Tenure, { name, url, declared = false }: Holder): Promise<EdgeRow['state'] | undefined> {
    return this.db.transaction(async (tx) => {
      const known = await lock(tx, edgeId);
      crashPoint('edge.before-own');
      const owned = await tx.run(
        `INSERT INTO edges AS e (edge_id, state, epoch, holder, url) SELECT $1, 'declared', $2, $3, $4
         WHERE NOT $5 OR EXISTS (SELECT FROM edge_declarations WHERE edge_id = $1)
         ON CONFLICT (edge_id) DO UPDATE SET state = excluded.state, reason = NULL, epoch = excluded.epoch, holder = excluded.holder, url = excluded.url WHERE e.epoch < excluded.epoch`,
        [edgeId, epoch, name, url, declared],
      );
      return owned === 1 ? (known ?? 'declared') : undefined;
    });
  }

  async remove(tx: Tx, edgeId: string): Promise<RemovedEdge | undefined> {
    const before = await lock(tx, edgeId);
    const [calls] = await tx.query<{ live: boolean }>(`SELECT EXISTS (SELECT FROM calls WHERE edge_id = $1 AND state <> 'ended') AS live`, [edgeId]);
    if (calls?.live === true) return undefined;
    await tx.run('DELETE FROM edge_declarations WHERE edge_id = $1', [edgeId]);
    // Its epoch stays, one higher: the owner's writes are refused, Asterisk may remember it, and an edge of that name goes on from there.
    await tx.run(`UPDATE edges SET state = 'removed', reason = NULL, holder = NULL, url = NULL, epoch = epoch + 1, changed_at = now() WHERE edge_id = $1`, [edgeId]);
    const phones = await tx.query<{ sipUser: string }>('DELETE FROM registrations WHERE edge_id = $1 RETURNING sip_user AS "sipUser"', [edgeId]);
    return { wasConnected: before === 'connected', sipUsers: phones.map(({ sipUser }) => sipUser) };
  }

  async owns(tx: Tx, { edgeId, epoch }: Tenure): Promise<boolean> {
    const [row] = await tx.query<{ ours: boolean }>('SELECT owns_edge($1, $2) AS ours', [edgeId, epoch]);
    return row?.ours === true;
  }

  async liveCalls(tenant?: string): Promise<ReadonlyMap<string, number>> {
    const rows = await this.db.query<{ edge_id: string; live: number }>(`SELECT edge_id, count(*) AS live FROM calls WHERE state <> 'ended' AND ($1::text IS NULL OR tenant = $1) GROUP BY edge_id`, [tenant ?? null]);
    return new Map(rows.map((row) => [row.edge_id, row.live]));
  }

  async homesOf(sipUser: string): Promise<string[]> {
    const rows = await this.db.query<{ edgeId: string }>('SELECT edge_id AS "edgeId" FROM registrations WHERE sip_user = $1 ORDER BY changed_at DESC', [sipUser]);
    return rows.map((row) => row.edgeId);
  }

  async registrations(edgeId: string): Promise<Registration[]> {
    return this.db.query<Registration>('SELECT sip_user AS "sipUser", contacts, user_agent AS "userAgent" FROM registrations WHERE edge_id = $1', [edgeId]);
  }

  async putRegistration(tx: Tx, edgeId: string, { sipUser, contacts, userAgent }: Registration): Promise<void> {
    await tx.run(
      `INSERT INTO registrations (sip_user, edge_id, contacts, user_agent) VALUES ($1, $2, $3, $4)
       ON CONFLICT (sip_user, edge_id) DO UPDATE SET contacts = excluded.contacts, user_agent = excluded.user_agent, changed_at = now()`,
      [sipUser, edgeId, contacts, userAgent],
    );
  }

  async removeRegistration(tx: Tx, edgeId: string, sipUser: string): Promise<void> {
    await tx.run('DELETE FROM registrations WHERE sip_user = $1 AND edge_id = $2', [sipUser, edgeId]);
  }

  async putTrunkState(tx: Tx, trunk: string, state: string): Promise<boolean> {
    return (await tx.run(
      `INSERT INTO trunk_states AS t (trunk, state) VALUES ($1, $2) ON CONFLICT (trunk) DO UPDATE SET state = excluded.state, changed_at = now() WHERE t.state <> excluded.state`,
      [trunk, state],
    )) === 1;
  }
}

/** Waits for the transactions of an edge's owner, so that none of them commits after this one. @returns the edge's state; undefined when there is none to go on from */
async function lock(tx: Tx, edgeId: string): Promise<EdgeRow['state'] | undefined> {
  await tx.run(`SELECT pg_advisory_xact_lock(hashtextextended('edge ' || $1, 0))`, [edgeId]);
  // A statement of its own, after the lock: it sees what was committed while we waited.
  const [row] = await tx.query<{ state: EdgeRow['state'] | 'removed' }>('SELECT state FROM edges WHERE edge_id = $1', [edgeId]);
  return row?.state === 'removed' ? undefined : row?.state;
}

/** True when the database refused a step because its edge has a newer owner (0007_edge_owners.sql). */
export function isRefusedByEpoch(error: unknown): boolean {
  return error instanceof Error && 'code' in error && error.code === 'TR001';
}
