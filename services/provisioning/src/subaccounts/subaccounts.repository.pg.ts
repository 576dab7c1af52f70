import { Injectable } from '@nestjs/common';
import { Database, type Queryable, type Tx } from '@troncal/persistence';
import { foundSettingsSchema } from '../twilio/account/desired-account.js';
import type { OpenedSubaccount, Subaccount, SubaccountKey } from './subaccount.js';
import { SubaccountRepository } from './subaccounts.repository.js';

interface Row extends SubaccountKey {
  readonly name: string;
  readonly domain: string;
  readonly asked: boolean;
  readonly sid: string | null;
  readonly key_id: string | null;
  readonly sealed_token: Buffer | null;
  readonly status: OpenedSubaccount['status'];
  readonly found: unknown;
}

const ALL = 'environment, tenant, name, domain, asked_at IS NOT NULL AS asked, sid, key_id, sealed_token, status, found';

@Injectable()
export class PgSubaccountRepository extends SubaccountRepository {
  constructor(private readonly db: Database) {
    super();
  }

  async find({ environment, tenant }: SubaccountKey): Promise<Subaccount | undefined> {
    return (await some(this.db, 'environment = $1 AND tenant = $2', [environment, tenant]))[0];
  }

  async list(environment: string, tenants?: readonly string[], from: Queryable = this.db): Promise<Subaccount[]> {
    return some(from, 'environment = $1 AND ($2::text[] IS NULL OR tenant = ANY ($2)) ORDER BY tenant', [environment, tenants ?? null]);
  }

  async all(): Promise<Subaccount[]> {
    return some(this.db, 'true ORDER BY environment, tenant');
  }

  async ofTenants(tenants: readonly string[]): Promise<Subaccount[]> {
    return some(this.db, 'tenant = ANY ($1) ORDER BY environment, tenant', [tenants]);
  }

  async lock(tx: Tx, { environment, tenant }: SubaccountKey): Promise<Subaccount | undefined> {
    return (await some(tx, 'environment = $1 AND tenant = $2 FOR UPDATE', [environment, tenant]))[0];
  }

  async domainsInUse(tx: Tx, domains: readonly string[]): Promise<ReadonlySet<string>> {
    const rows = await tx.query<{ domain: string }>('SELECT domain FROM environments WHERE domain = ANY ($1) UNION SELECT domain FROM subaccounts WHERE domain = ANY ($1)', [domains]);
    return new Set(rows.map(({ domain }) => domain));
  }

  async add(tx: Tx, ...all: readonly Subaccount[]): Promise<void> {
    if (all.length === 0) return;
    await tx.run(
      `INSERT INTO subaccounts (environment, tenant, name, domain, asked_at, sid, key_id, sealed_token, status, found)
       SELECT environment, tenant, name, domain, CASE WHEN asked THEN now() END, sid, key_id, sealed_token, status, found
       FROM unnest($1::text[], $2::text[], $3::text[], $4::text[], $5::boolean[], $6::text[], $7::text[], $8::bytea[], $9::text[], $10::json[])
         AS fresh (environment, tenant, name, domain, asked, sid, key_id, sealed_token, status, found)`,
      [
        all.map(({ environment }) => environment), all.map(({ tenant }) => tenant), all.map(({ name }) => name), all.map(({ domain }) => domain), all.map(({ asked }) => asked),
        all.map(({ opened }) => opened?.sid ?? null), all.map(({ opened }) => opened?.token.keyId ?? null), all.map(({ opened }) => opened?.token.sealed ?? null), all.map(({ opened }) => opened?.status ?? 'active'),
        all.map(({ found }) => (found === null ? null : JSON.stringify(found))),
      ],
    );
  }

  async asking(tx: Tx, { environment, tenant }: SubaccountKey): Promise<void> {
    await tx.run('UPDATE subaccounts SET asked_at = coalesce(asked_at, now()) WHERE environment = $1 AND tenant = $2', [environment, tenant]);
  }

  async opened(tx: Tx, { environment, tenant }: SubaccountKey, { sid, token, status }: OpenedSubaccount): Promise<void> {
    await tx.run('UPDATE subaccounts SET sid = $3, key_id = $4, sealed_token = $5, status = $6 WHERE environment = $1 AND tenant = $2', [environment, tenant, sid, token.keyId, token.sealed, status]);
  }

  async become(tx: Tx, { environment, tenant }: SubaccountKey, status: OpenedSubaccount['status']): Promise<void> {
    await tx.run('UPDATE subaccounts SET status = $3 WHERE environment = $1 AND tenant = $2', [environment, tenant, status]);
  }

  async remove(tx: Tx, { environment, tenant }: SubaccountKey): Promise<void> {
    await tx.run('DELETE FROM subaccounts WHERE environment = $1 AND tenant = $2', [environment, tenant]);
  }

  async removeUnasked(tx: Tx, environment: string, tenants: readonly string[]): Promise<void> {
    await tx.run('DELETE FROM subaccounts WHERE environment = $1 AND tenant = ANY ($2) AND asked_at IS NULL', [environment, tenants]);
  }

  async suspendedSomewhere(): Promise<Subaccount[]> {
    return some(this.db, "sid IS NOT NULL AND (status = 'suspended' OR tenant IN (SELECT code FROM tenants WHERE suspended_reason IS NOT NULL)) ORDER BY environment, tenant");
  }

  async reseal({ environment, tenant }: SubaccountKey, before: OpenedSubaccount['token'], after: OpenedSubaccount['token']): Promise<void> {
    await this.db.run('UPDATE subaccounts SET key_id = $4, sealed_token = $5 WHERE environment = $1 AND tenant = $2 AND sealed_token = $3', [environment, tenant, before.sealed, after.keyId, after.sealed]);
  }
}

async function some(db: Queryable, where: string, values: readonly unknown[] = []): Promise<Subaccount[]> {
  return (await db.query<Row>(`SELECT ${ALL} FROM subaccounts WHERE ${where}`, values)).map(toSubaccount);
}

const toSubaccount = ({ environment, tenant, name, domain, asked, sid, key_id: keyId, sealed_token: sealed, status, found }: Row): Subaccount => ({
  environment, tenant, name, domain, asked,
  opened: sid === null || keyId === null || sealed === null ? null : { sid, token: { keyId, sealed }, status },
  found: foundSettingsSchema.nullable().parse(found),
});
