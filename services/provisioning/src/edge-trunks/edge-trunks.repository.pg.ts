import { Injectable } from '@nestjs/common';
import { Database, type Queryable, type Tx } from '@troncal/persistence';
import type { EdgeTrunk } from './edge-trunk.js';
import { EdgeTrunkRepository } from './edge-trunks.repository.js';

interface Row {
  readonly environment: string;
  readonly credential_revision: number;
  readonly key_id: string | null;
  readonly sealed_password: Buffer | null;
}

@Injectable()
export class PgEdgeTrunkRepository extends EdgeTrunkRepository {
  constructor(private readonly db: Database) {
    super();
  }

  list(from: Queryable = this.db): Promise<EdgeTrunk[]> {
    return all(from, 'ORDER BY environment');
  }

  async lock(tx: Tx, environment: string): Promise<EdgeTrunk | undefined> {
    return (await all(tx, 'WHERE environment = $1 FOR UPDATE', [environment]))[0];
  }

  async save(tx: Tx, { environment, credentialRevision, password }: EdgeTrunk): Promise<void> {
    await tx.run(
      `INSERT INTO edge_trunks (environment, credential_revision, key_id, sealed_password) VALUES ($1, $2, $3, $4)
       ON CONFLICT (environment) DO UPDATE SET credential_revision = excluded.credential_revision, key_id = excluded.key_id, sealed_password = excluded.sealed_password`,
      [environment, credentialRevision, password?.keyId ?? null, password?.sealed ?? null],
    );
  }
}

async function all(db: Queryable, where: string, values: readonly unknown[] = []): Promise<EdgeTrunk[]> {
  const rows = await db.query<Row>(`SELECT environment, credential_revision, key_id, sealed_password FROM edge_trunks ${where}`, values);
  return rows.map(({ environment, credential_revision: credentialRevision, key_id: keyId, sealed_password: sealed }) => ({ environment, credentialRevision, password: keyId === null || sealed === null ? null : { keyId, sealed } }));
}
