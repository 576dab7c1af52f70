import { Injectable } from '@nestjs/common';
import { gdmsRegionSchema } from '@troncal/contracts';
import { Database, type SealedSecret } from '@troncal/persistence';
import type { GdmsAccount } from './gdms-account.js';
import { GdmsAccountRepository } from './gdms-accounts.repository.js';

interface Row {
  readonly environment: string;
  readonly region: string;
  readonly api_id: string;
  readonly username: string;
  readonly organization: number | null;
  readonly site: number | null;
  readonly key_id: string;
  readonly sealed_secrets: Buffer;
  readonly revision: number;
  readonly changed_at: Date;
}

const SHOWN = 'environment, region, api_id, username, organization, site, key_id, sealed_secrets, revision, changed_at';

@Injectable()
export class PgGdmsAccountRepository extends GdmsAccountRepository {
  constructor(private readonly db: Database) {
    super();
  }

  async find(environment: string): Promise<GdmsAccount | undefined> {
    const [row] = await this.db.query<Row>(`SELECT ${SHOWN} FROM gdms_accounts WHERE environment = $1`, [environment]);
    return row && toAccount(row);
  }

  async put({ environment, region, apiId, username, organization, site, secrets }: Omit<GdmsAccount, 'revision' | 'changedAt'>): Promise<GdmsAccount | undefined> {
    const [row] = await this.db.query<Row>(
      `INSERT INTO gdms_accounts (environment, region, api_id, username, organization, site, key_id, sealed_secrets, revision)
       SELECT name, $2, $3, $4, $5, $6, $7, $8, 1 FROM environments WHERE name = $1
       ON CONFLICT (environment) DO UPDATE SET region = excluded.region, api_id = excluded.api_id, username = excluded.username, organization = excluded.organization,
         site = excluded.site, key_id = excluded.key_id, sealed_secrets = excluded.sealed_secrets, revision = gdms_accounts.revision + 1, changed_at = now()
       RETURNING ${SHOWN}`,
      [environment, region, apiId, username, organization, site, secrets.keyId, secrets.sealed],
    );
    return row && toAccount(row);
  }

  async remove(environment: string): Promise<boolean> {
    return (await this.db.run('DELETE FROM gdms_accounts WHERE environment = $1', [environment])) === 1;
  }

  async sealedOtherwise(keyId: string): Promise<GdmsAccount[]> {
    return (await this.db.query<Row>(`SELECT ${SHOWN} FROM gdms_accounts WHERE key_id <> $1 ORDER BY environment`, [keyId])).map(toAccount);
  }

  async reseal({ environment, revision }: GdmsAccount, { keyId, sealed }: SealedSecret): Promise<void> {
    await this.db.run('UPDATE gdms_accounts SET key_id = $3, sealed_secrets = $4 WHERE environment = $1 AND revision = $2', [environment, revision, keyId, sealed]);
  }
}

const toAccount = ({ environment, region, api_id: apiId, username, organization, site, key_id: keyId, sealed_secrets: sealed, revision, changed_at: changedAt }: Row): GdmsAccount => ({
  environment, region: gdmsRegionSchema.parse(region), apiId, username, organization, site, secrets: { keyId, sealed }, revision, changedAt,
});
