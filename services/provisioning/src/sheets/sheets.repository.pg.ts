import { Injectable } from '@nestjs/common';
import type { SheetKindName } from '@troncal/contracts';
import { Database, type Tx } from '@troncal/persistence';
import type { IssuedSheet, TakenBy } from './issued-sheet.js';
import { SheetRepository } from './sheets.repository.js';

interface Row {
  readonly id: string;
  readonly environment: string;
  readonly tenant: string;
  readonly kind: SheetKindName;
  readonly extensions: string[];
  readonly mac: string | null;
  readonly language: 'es' | 'en';
  readonly issued_by: string;
  readonly issued_at: Date;
  readonly expires_at: Date;
  readonly revoked_at: Date | null;
  readonly taken_at: Date | null;
  readonly taken_from: string | null;
  readonly taken_agent: string | null;
}

const SHOWN = 'id, environment, tenant, kind, extensions, mac, language, issued_by, issued_at, expires_at, revoked_at, taken_at, taken_from, taken_agent';

@Injectable()
export class PgSheetRepository extends SheetRepository {
  constructor(private readonly db: Database) {
    super();
  }

  async insert(tx: Tx, sheet: IssuedSheet, tokenHash: Buffer): Promise<void> {
    const { id, environment, tenant, kind, extensions, mac, language, issuedBy, issuedAt, expiresAt } = sheet;
    await tx.run(
      `INSERT INTO device_sheets (id, token_hash, environment, tenant, kind, extensions, mac, language, issued_by, issued_at, expires_at)
       VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)`,
      [id, tokenHash, environment, tenant, kind, extensions, mac, language, issuedBy, issuedAt, expiresAt],
    );
  }

  async findByToken(tokenHash: Buffer): Promise<IssuedSheet | undefined> {
    const [row] = await this.db.query<Row>(`SELECT ${SHOWN} FROM device_sheets WHERE token_hash = $1`, [tokenHash]);
    return row && toSheet(row);
  }

  async list(tenant: string, limit: number): Promise<IssuedSheet[]> {
    return (await this.db.query<Row>(`SELECT ${SHOWN} FROM device_sheets WHERE tenant = $1 ORDER BY id DESC LIMIT $2`, [tenant, limit])).map(toSheet);
  }

  async take(tx: Tx, id: string, { at, from, userAgent }: TakenBy): Promise<boolean> {
    const taken = await tx.query<{ id: string }>(
      `UPDATE device_sheets SET taken_at = $2, taken_from = $3, taken_agent = $4
       WHERE id = $1 AND taken_at IS NULL AND revoked_at IS NULL AND expires_at > $2 RETURNING id`,
      [id, at, from, userAgent],
    );
    return taken.length === 1;
  }

  async revoke(tenant: string, id: string): Promise<IssuedSheet | undefined> {
    await this.db.run(
      `UPDATE device_sheets SET revoked_at = now()
       WHERE tenant = $1 AND id = $2 AND taken_at IS NULL AND revoked_at IS NULL AND expires_at > now()`,
      [tenant, id],
    );
    const [row] = await this.db.query<Row>(`SELECT ${SHOWN} FROM device_sheets WHERE tenant = $1 AND id = $2`, [tenant, id]);
    return row && toSheet(row);
  }

  async forget(tx: Tx, tenant: string, days: number): Promise<void> {
    await tx.run('DELETE FROM device_sheets WHERE tenant = $1 AND expires_at < now() - make_interval(days => $2)', [tenant, days]);
  }
}

function toSheet(row: Row): IssuedSheet {
  const { id, environment, tenant, kind, extensions, mac, language } = row;
  const taken = row.taken_at && { at: row.taken_at, from: row.taken_from ?? '', userAgent: row.taken_agent ?? '' };
  const when = { issuedAt: row.issued_at, expiresAt: row.expires_at, revokedAt: row.revoked_at };
  return { id, environment, tenant, kind, extensions, mac, language, issuedBy: row.issued_by, ...when, taken };
}
