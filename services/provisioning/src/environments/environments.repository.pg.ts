import { Injectable } from '@nestjs/common';
import { putEnvironmentSchema } from '@troncal/contracts';
import { Database, type Queryable, type Tx } from '@troncal/persistence';
import { foundSettingsSchema } from '../twilio/account/desired-account.js';
import type { Environment } from './environment.js';
import { domainInUse } from './environments.errors.js';
import { EnvironmentRepository, type EnvironmentUse } from './environments.repository.js';

interface Row {
  readonly name: string;
  readonly domain: string;
  readonly is_primary: boolean;
  readonly as_found: boolean;
  readonly found: unknown;
  readonly settings: Readonly<Record<string, unknown>>;
  readonly revision: number;
}

@Injectable()
export class PgEnvironmentRepository extends EnvironmentRepository {
  constructor(private readonly db: Database) {
    super();
  }

  async find(name: string): Promise<Environment | undefined> {
    return (await all(this.db, 'WHERE name = $1', [name]))[0];
  }

  async list(): Promise<Environment[]> {
    return all(this.db, 'ORDER BY name');
  }

  async tenants(): Promise<ReadonlyMap<string, number>> {
    const rows = await this.db.query<{ environment: string; tenants: number }>('SELECT environment, count(*)::integer AS tenants FROM declarations GROUP BY environment');
    return new Map(rows.map(({ environment, tenants }) => [environment, tenants]));
  }

  async lock(tx: Tx, name: string): Promise<Environment | undefined> {
    return (await all(tx, 'WHERE name = $1 FOR UPDATE', [name]))[0];
  }

  async isFirst(tx: Tx): Promise<boolean> {
    return (await tx.query('SELECT 1 FROM environments WHERE is_primary')).length === 0;
  }

  async use(tx: Tx, name: string): Promise<EnvironmentUse> {
    const [row] = await tx.query<EnvironmentUse>(
      `SELECT (SELECT count(*)::integer FROM declarations WHERE environment = $1) AS tenants,
              (SELECT count(*)::integer FROM twilio_numbers WHERE environment = $1 AND e164 IS NOT NULL) AS numbers,
              (SELECT count(*)::integer FROM subaccounts WHERE environment = $1) AS subaccounts`,
      [name],
    );
    return row ?? { tenants: 0, numbers: 0, subaccounts: 0 };
  }

  async save(tx: Tx, { name, domain, primary, asFound, found, revision, ...settings }: Environment): Promise<void> {
    const others = await tx.query('SELECT 1 FROM environments WHERE domain = $1 AND name <> $2', [domain, name]);
    if (others.length > 0) throw domainInUse(domain);
    await tx.run(
      `INSERT INTO environments (name, domain, is_primary, as_found, found, settings, revision) VALUES ($1, $2, $3, $4, $5, $6, $7)
       ON CONFLICT (name) DO UPDATE SET as_found = excluded.as_found, found = excluded.found, settings = excluded.settings, revision = excluded.revision`,
      [name, domain, primary, asFound, found === null ? null : JSON.stringify(found), JSON.stringify(settings), revision],
    );
  }

  async remove(tx: Tx, name: string): Promise<void> {
    await tx.run('DELETE FROM environments WHERE name = $1', [name]);
  }
}

async function all(db: Queryable, where: string, values: readonly unknown[] = []): Promise<Environment[]> {
  return (await db.query<Row>(`SELECT name, domain, is_primary, as_found, found, settings, revision FROM environments ${where}`, values)).map(toEnvironment);
}

const toEnvironment = ({ name, domain, is_primary: primary, as_found: asFound, found, settings, revision }: Row): Environment => ({
  ...putEnvironmentSchema.parse({ domain, ...settings }),
  name,
  primary,
  asFound,
  found: foundSettingsSchema.nullable().parse(found),
  revision,
});
