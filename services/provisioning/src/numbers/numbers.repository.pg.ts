import { Injectable } from '@nestjs/common';
import { Database, type Queryable, type Tx } from '@troncal/persistence';
import { ANY_TENANT, bury, pastOf } from '../tombstones/tombstones.pg.js';
import type { AssignedNumber } from './number.js';
import { NumberRepository } from './numbers.repository.js';

const SHOWN = 'number, tenant, route, revision';

@Injectable()
export class PgNumberRepository extends NumberRepository {
  constructor(private readonly db: Database) {
    super();
  }

  async find(tenant: string, number: string): Promise<AssignedNumber | undefined> {
    const [row] = await this.db.query<AssignedNumber>(`SELECT ${SHOWN} FROM numbers WHERE tenant = $1 AND number = $2`, [tenant, number]);
    return row;
  }

  async list(tenant: string): Promise<AssignedNumber[]> {
    return all(this.db, tenant);
  }

  async lock(tx: Tx, number: string): Promise<AssignedNumber | undefined> {
    const [row] = await tx.query<AssignedNumber>(`SELECT ${SHOWN} FROM numbers WHERE number = $1 FOR UPDATE`, [number]);
    return row;
  }

  async listIn(tx: Tx, tenant: string): Promise<AssignedNumber[]> {
    return all(tx, tenant);
  }

  async leadingTo(tx: Tx, tenant: string, route: string): Promise<string[]> {
    const rows = await tx.query<{ number: string }>('SELECT number FROM numbers WHERE tenant = $1 AND route = $2 ORDER BY number', [tenant, route]);
    return rows.map((row) => row.number);
  }

  async pastRevision(tx: Tx, number: string): Promise<number> {
    return (await pastOf(tx, 'number', ANY_TENANT, number)).revision;
  }

  async insert(tx: Tx, { number, tenant, route, revision }: AssignedNumber): Promise<boolean> {
    return (await tx.run('INSERT INTO numbers (number, tenant, route, revision) VALUES ($1, $2, $3, $4) ON CONFLICT DO NOTHING', [number, tenant, route, revision])) === 1;
  }

  async update(tx: Tx, { number, route, revision }: AssignedNumber): Promise<void> {
    await tx.run('UPDATE numbers SET route = $2, revision = $3 WHERE number = $1', [number, route, revision]);
  }

  async remove(tx: Tx, { number, revision }: AssignedNumber): Promise<void> {
    await tx.run('DELETE FROM numbers WHERE number = $1', [number]);
    await bury(tx, 'number', ANY_TENANT, number, { revision, credentialRevision: 0 });
  }
}

async function all(db: Queryable, tenant: string): Promise<AssignedNumber[]> {
  return db.query<AssignedNumber>(`SELECT ${SHOWN} FROM numbers WHERE tenant = $1 ORDER BY number`, [tenant]);
}
