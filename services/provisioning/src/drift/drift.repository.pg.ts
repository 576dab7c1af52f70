import { Injectable } from '@nestjs/common';
import type { DriftView } from '@troncal/contracts';
import { Database, type Queryable, type Tx } from '@troncal/persistence';
import { DriftRepository } from './drift.repository.js';

interface Row {
  readonly environment: string;
  readonly checked_at: Date;
  readonly reads: number;
  readonly differences: DriftView['differences'];
}

@Injectable()
export class PgDriftRepository extends DriftRepository {
  constructor(private readonly db: Database) {
    super();
  }

  async find(environment: string): Promise<DriftView | undefined> {
    return last(this.db, environment);
  }

  async replace(tx: Tx, { environment, checkedAt, reads, differences }: DriftView): Promise<DriftView['differences'] | undefined> {
    const before = await last(tx, environment, 'FOR UPDATE');
    await tx.run(
      `INSERT INTO drift (environment, checked_at, reads, differences) VALUES ($1, $2, $3, $4)
       ON CONFLICT (environment) DO UPDATE SET checked_at = excluded.checked_at, reads = excluded.reads, differences = excluded.differences`,
      [environment, checkedAt, reads, JSON.stringify(differences)],
    );
    return before?.differences;
  }
}

async function last(db: Queryable, environment: string, lock = ''): Promise<DriftView | undefined> {
  const [row] = await db.query<Row>(`SELECT environment, checked_at, reads, differences FROM drift WHERE environment = $1 ${lock}`, [environment]);
  return row && { environment: row.environment, checkedAt: row.checked_at.toISOString(), reads: row.reads, differences: row.differences };
}
