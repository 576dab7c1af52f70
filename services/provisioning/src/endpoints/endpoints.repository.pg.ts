import { Injectable } from '@nestjs/common';
import { Database, type Queryable, type Tx } from '@troncal/persistence';
import type { SealedCredential } from '../credentials/credential-vault.js';
import { bury, pastOf } from '../tombstones/tombstones.pg.js';
import type { Endpoint, EndpointPast } from './endpoint.js';
import { EndpointRepository, type EndpointWithCredential } from './endpoints.repository.js';

interface Row {
  readonly tenant: string;
  readonly extension: string;
  readonly display_name: string;
  readonly role: string;
  readonly queues: string[];
  readonly enabled: boolean;
  readonly revision: number;
  readonly credential_revision: number;
}
interface RowWithCredential extends Row {
  readonly key_id: string;
  readonly sealed_password: Buffer;
}

const SHOWN = 'tenant, extension, display_name, role, queues, enabled, revision, credential_revision';

@Injectable()
export class PgEndpointRepository extends EndpointRepository {
  constructor(private readonly db: Database) {
    super();
  }

  async find(tenant: string, extension: string): Promise<EndpointWithCredential | undefined> {
    const [row] = await this.db.query<RowWithCredential>(`SELECT ${SHOWN}, key_id, sealed_password FROM endpoints WHERE tenant = $1 AND extension = $2`, [tenant, extension]);
    return row && withCredential(row);
  }

  async list(tenant: string): Promise<Endpoint[]> {
    return all(this.db, tenant);
  }

  async findIn(tx: Tx, tenant: string, extension: string): Promise<Endpoint | undefined> {
    const [row] = await tx.query<Row>(`SELECT ${SHOWN} FROM endpoints WHERE tenant = $1 AND extension = $2`, [tenant, extension]);
    return row && toEndpoint(row);
  }

  async listIn(tx: Tx, tenant: string): Promise<Endpoint[]> {
    return all(tx, tenant);
  }

  async past(tx: Tx, tenant: string, extension: string): Promise<EndpointPast> {
    return pastOf(tx, 'endpoint', tenant, extension);
  }

  async insert(tx: Tx, endpoint: Endpoint, { keyId, sealed }: SealedCredential): Promise<void> {
    const { tenant, extension, displayName, role, queues, enabled, revision, credentialRevision } = endpoint;
    await tx.run(
      `INSERT INTO endpoints (tenant, extension, display_name, role, queues, enabled, revision, credential_revision, key_id, sealed_password)
       VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)`,
      [tenant, extension, displayName, role, queues, enabled, revision, credentialRevision, keyId, sealed],
    );
  }

  async update(tx: Tx, { tenant, extension, displayName, role, queues, enabled, revision }: Endpoint): Promise<void> {
    await tx.run('UPDATE endpoints SET display_name = $3, role = $4, queues = $5, enabled = $6, revision = $7 WHERE tenant = $1 AND extension = $2', [tenant, extension, displayName, role, queues, enabled, revision]);
  }

  async updateCredential(tx: Tx, { tenant, extension, credentialRevision }: Endpoint, { keyId, sealed }: SealedCredential): Promise<void> {
    await tx.run('UPDATE endpoints SET credential_revision = $3, key_id = $4, sealed_password = $5 WHERE tenant = $1 AND extension = $2', [tenant, extension, credentialRevision, keyId, sealed]);
  }

  async remove(tx: Tx, endpoint: Endpoint): Promise<void> {
    await tx.run('DELETE FROM endpoints WHERE tenant = $1 AND extension = $2', [endpoint.tenant, endpoint.extension]);
    await bury(tx, 'endpoint', endpoint.tenant, endpoint.extension, endpoint);
  }

  async sealedOtherwise(keyId: string, limit: number, after?: Endpoint): Promise<EndpointWithCredential[]> {
    const rows = await this.db.query<RowWithCredential>(
      `SELECT ${SHOWN}, key_id, sealed_password FROM endpoints WHERE key_id <> $1 AND (tenant, extension) > ($2, $3) ORDER BY tenant, extension LIMIT $4`,
      [keyId, after?.tenant ?? '', after?.extension ?? '', limit],
    );
    return rows.map(withCredential);
  }

  async reseal({ tenant, extension, credentialRevision }: Endpoint, { keyId, sealed }: SealedCredential): Promise<void> {
    await this.db.run('UPDATE endpoints SET key_id = $4, sealed_password = $5 WHERE tenant = $1 AND extension = $2 AND credential_revision = $3', [tenant, extension, credentialRevision, keyId, sealed]);
  }
}

async function all(db: Queryable, tenant: string): Promise<Endpoint[]> {
  return (await db.query<Row>(`SELECT ${SHOWN} FROM endpoints WHERE tenant = $1 ORDER BY extension`, [tenant])).map(toEndpoint);
}

function withCredential(row: RowWithCredential): EndpointWithCredential {
  return { endpoint: toEndpoint(row), credential: { keyId: row.key_id, sealed: row.sealed_password } };
}

function toEndpoint(row: Row): Endpoint {
  return {
    tenant: row.tenant,
    extension: row.extension,
    displayName: row.display_name,
    role: row.role,
    queues: row.queues,
    enabled: row.enabled,
    revision: row.revision,
    credentialRevision: row.credential_revision,
  };
}
