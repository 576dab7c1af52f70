import type { Database } from '@troncal/persistence';
import type { EdgeTrunk, EdgeTrunkRepository } from './edge-trunk.repository.js';

/** In PostgreSQL, from where Asterisk takes them through the views of schema `edge`. */
export class PgEdgeTrunkRepository implements EdgeTrunkRepository {
  constructor(private readonly db: Database) {}

  async replace(trunks: readonly EdgeTrunk[]): Promise<boolean> {
    return this.db.transaction(async (tx) => {
      const changed = await tx.run(
        `INSERT INTO edge_trunks AS t (environment, sip_user, realm, ha1)
         SELECT * FROM jsonb_to_recordset($1) AS wanted (environment text, "sipUser" text, realm text, ha1 text)
         ON CONFLICT (environment) DO UPDATE SET sip_user = excluded.sip_user, realm = excluded.realm, ha1 = excluded.ha1, updated_at = now()
         WHERE (t.sip_user, t.realm, t.ha1) IS DISTINCT FROM (excluded.sip_user, excluded.realm, excluded.ha1)`,
        [JSON.stringify(trunks)],
      );
      const gone = await tx.run('UPDATE edge_trunks SET ha1 = NULL, updated_at = now() WHERE ha1 IS NOT NULL AND environment <> ALL ($1)', [trunks.map(({ environment }) => environment)]);
      return changed + gone > 0;
    });
  }
}
