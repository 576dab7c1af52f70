import { Injectable } from '@nestjs/common';
import { Database, type Queryable, type SealedSecret, type Tx } from '@troncal/persistence';
import type { SipUser, SipUserKey } from './sip-user.js';
import { SipUserRepository } from './sip-users.repository.js';

interface Row extends SipUserKey {
  readonly username: string;
  readonly list: string;
  readonly state: SipUser['state'];
  readonly credential_revision: number;
  readonly key_id: string | null;
  readonly sealed_password: Buffer | null;
  readonly next_key_id: string | null;
  readonly next_sealed_password: Buffer | null;
  readonly last_key_id: string | null;
  readonly last_sealed_password: Buffer | null;
}

const ALL = `environment, tenant, extension, username, list, state, credential_revision, key_id, sealed_password, next_key_id, next_sealed_password, last_key_id, last_sealed_password`;

@Injectable()
export class PgSipUserRepository extends SipUserRepository {
  constructor(private readonly db: Database) {
    super();
  }

  async find({ environment, tenant, extension }: SipUserKey): Promise<SipUser | undefined> {
    return (await users(this.db, 'environment = $1 AND tenant = $2 AND extension = $3', [environment, tenant, extension]))[0];
  }

  async list(environment: string, tenants: readonly string[], from: Queryable = this.db): Promise<SipUser[]> {
    return users(from, 'environment = $1 AND tenant = ANY ($2) ORDER BY tenant, extension', [environment, tenants]);
  }

  async inLists(environment: string, lists: readonly string[], from: Queryable = this.db): Promise<SipUser[]> {
    return users(from, 'environment = $1 AND list = ANY ($2) ORDER BY username', [environment, lists]);
  }

  async fill(tx: Tx): Promise<ReadonlyMap<string, number>> {
    await tx.run("SELECT pg_advisory_xact_lock(hashtextextended('provisioning.lists', 0))");
    const rows = await tx.query<{ list: string; users: number }>(`SELECT list, count(*)::integer AS users FROM sip_users
       WHERE NOT EXISTS (SELECT 1 FROM subaccounts AS own WHERE own.environment = sip_users.environment AND own.tenant = sip_users.tenant) GROUP BY list`);
    return new Map(rows.map(({ list, users: count }) => [list, count]));
  }

  async lock(tx: Tx, { environment, tenant, extension }: SipUserKey): Promise<SipUser | undefined> {
    return (await users(tx, 'environment = $1 AND tenant = $2 AND extension = $3 FOR UPDATE', [environment, tenant, extension]))[0];
  }

  async ownersOf(tx: Tx, environment: string, usernames: readonly string[]): Promise<ReadonlyMap<string, SipUserKey>> {
    return new Map((await users(tx, 'environment = $1 AND username = ANY ($2)', [environment, usernames])).map((user) => [user.username, user]));
  }

  async save(tx: Tx, ...all: readonly SipUser[]): Promise<void> {
    if (all.length === 0) return;
    const [password, next, last] = [all.map((user) => columns(user.password)), all.map((user) => columns(user.next)), all.map((user) => columns(user.last))];
    await tx.run(
      `INSERT INTO sip_users (${ALL})
       SELECT * FROM unnest($1::text[], $2::text[], $3::text[], $4::text[], $5::text[], $6::text[], $7::integer[], $8::text[], $9::bytea[], $10::text[], $11::bytea[], $12::text[], $13::bytea[])
       ON CONFLICT (environment, tenant, extension) DO UPDATE SET username = excluded.username, list = excluded.list, state = excluded.state,
         credential_revision = excluded.credential_revision, key_id = excluded.key_id, sealed_password = excluded.sealed_password, next_key_id = excluded.next_key_id,
         next_sealed_password = excluded.next_sealed_password, last_key_id = excluded.last_key_id, last_sealed_password = excluded.last_sealed_password`,
      [
        all.map(({ environment }) => environment), all.map(({ tenant }) => tenant), all.map(({ extension }) => extension), all.map(({ username }) => username), all.map(({ list }) => list),
        all.map(({ state }) => state), all.map(({ credentialRevision }) => credentialRevision),
        ...[password, next, last].flatMap((sealed) => [sealed.map(([keyId]) => keyId), sealed.map(([, bytes]) => bytes)]),
      ],
    );
  }

  async remove(tx: Tx, ...keys: readonly SipUserKey[]): Promise<void> {
    if (keys.length === 0) return;
    await tx.run('DELETE FROM sip_users WHERE (environment, tenant, extension) IN (SELECT * FROM unnest($1::text[], $2::text[], $3::text[]))', [
      keys.map(({ environment }) => environment), keys.map(({ tenant }) => tenant), keys.map(({ extension }) => extension),
    ]);
  }

  async provisioned(tx: Tx, environment: string, all: readonly Pick<SipUser, 'list' | 'username'>[]): Promise<SipUser[]> {
    if (all.length === 0) return [];
    const rows = await tx.query<Row>(
      `UPDATE sip_users SET state = 'provisioned', provisioned_at = now()
       WHERE environment = $1 AND (list, username) IN (SELECT * FROM unnest($2::text[], $3::text[])) AND state = 'wanted' RETURNING ${ALL}`,
      [environment, all.map(({ list }) => list), all.map(({ username }) => username)],
    );
    return rows.map(toUser);
  }

  async sealedOtherwise(keyId: string, limit: number, after?: SipUserKey): Promise<SipUser[]> {
    return users(this.db, '$1 <> ANY (ARRAY[key_id, next_key_id, last_key_id]) AND (environment, tenant, extension) > ($3, $4, $5) ORDER BY environment, tenant, extension LIMIT $2', [
      keyId, limit, after?.environment ?? '', after?.tenant ?? '', after?.extension ?? '',
    ]);
  }

  async reseal({ environment, tenant, extension, credentialRevision, next: staged }: SipUser, { password, next, last }: Pick<SipUser, 'password' | 'next' | 'last'>): Promise<void> {
    const [, before] = columns(staged);
    await this.db.run(
      `UPDATE sip_users SET key_id = $5, sealed_password = $6, next_key_id = $7, next_sealed_password = $8, last_key_id = $9, last_sealed_password = $10
       WHERE environment = $1 AND tenant = $2 AND extension = $3 AND credential_revision = $4 AND next_sealed_password IS NOT DISTINCT FROM $11`,
      [environment, tenant, extension, credentialRevision, ...columns(password), ...columns(next), ...columns(last), before],
    );
  }
}

async function users(db: Queryable, where: string, values: readonly unknown[]): Promise<SipUser[]> {
  return (await db.query<Row>(`SELECT ${ALL} FROM sip_users WHERE ${where}`, values)).map(toUser);
}

/** A sealed secret as two columns. */
const columns = (sealed: SealedSecret | null): readonly [string | null, Buffer | null] => (sealed === null ? [null, null] : [sealed.keyId, sealed.sealed]);

const secret = (keyId: string | null, sealed: Buffer | null): SealedSecret | null => (keyId === null || sealed === null ? null : { keyId, sealed });

const toUser = (row: Row): SipUser => ({
  environment: row.environment,
  tenant: row.tenant,
  extension: row.extension,
  username: row.username,
  list: row.list,
  state: row.state,
  credentialRevision: row.credential_revision,
  password: secret(row.key_id, row.sealed_password),
  next: secret(row.next_key_id, row.next_sealed_password),
  last: secret(row.last_key_id, row.last_sealed_password),
});
