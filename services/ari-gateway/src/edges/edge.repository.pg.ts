import type { Database, Tx } from '@troncal/persistence';
import type { EdgeRepository, EdgeRow, Registration } from './edge.repository.js';

/** Edges, and the phones and trunks that are reachable through them, in PostgreSQL. */
export class PgEdgeRepository implements EdgeRepository {
  constructor(private readonly db: Database) {}

  async list(): Promise<EdgeRow[]> {
    return this.db.query<EdgeRow>('SELECT edge_id AS "edgeId", state, reason, version, changed_at AS "changedAt" FROM edges ORDER BY edge_id');
  }

  async put(tx: Tx, edge: Omit<EdgeRow, 'changedAt'>): Promise<void> {
    await tx.run(
      `INSERT INTO edges (edge_id, state, reason, version) VALUES ($1, $2, $3, $4)
       ON CONFLICT (edge_id) DO UPDATE SET state = excluded.state, reason = excluded.reason, version = coalesce(excluded.version, edges.version), changed_at = now()`,
      [edge.edgeId, edge.state, edge.reason, edge.version],
    );
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
