import { crashPoint } from '@troncal/config';
import type { Database } from '@troncal/persistence';
import type { TrunkFacts } from '../tenant-directory/directory-facts.js';
import type { PutTrunk, TrunkRepository } from './trunk.repository.js';

const COLUMNS = 'name, tenant, host, port, username, match, countries, caller_id AS "callerId", revision';

/** Trunks in PostgreSQL, from where Asterisk takes them through the views of schema `edge`; their passwords are read by nobody else. */
export class PgTrunkRepository implements TrunkRepository {
  constructor(private readonly db: Database) {}

  async all(): Promise<TrunkFacts[]> {
    return this.db.query<TrunkFacts>(`SELECT ${COLUMNS} FROM trunks ORDER BY name`);
  }

  async put(name: string, trunk: PutTrunk): Promise<TrunkFacts> {
    crashPoint('trunk.before-commit');
    const [row] = await this.db.query<TrunkFacts>(
      `INSERT INTO trunks AS t (name, tenant, host, port, username, password, match, countries, caller_id) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)
       ON CONFLICT (name) DO UPDATE SET host = excluded.host, port = excluded.port, username = excluded.username,
         password = coalesce(excluded.password, CASE WHEN t.username = excluded.username THEN t.password END),
         match = excluded.match, countries = excluded.countries, caller_id = excluded.caller_id, revision = t.revision + 1, updated_at = now()
       WHERE t.tenant = excluded.tenant
       RETURNING ${COLUMNS}`,
      [name, trunk.tenant, trunk.host, trunk.port, trunk.username ?? null, trunk.password ?? null, trunk.match, trunk.countries, trunk.callerId ?? null],
    );
    crashPoint('trunk.after-commit');
    if (!row) throw new Error(`trunk ${name} belongs to another tenant`);
    return row;
  }

  async remove(name: string): Promise<boolean> {
    crashPoint('trunk.before-remove');
    const removed = await this.db.run('DELETE FROM trunks WHERE name = $1', [name]);
    crashPoint('trunk.after-remove');
    return removed === 1;
  }
}
