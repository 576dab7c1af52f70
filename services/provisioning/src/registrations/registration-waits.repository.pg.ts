import { Injectable } from '@nestjs/common';
import { Database, type Prepared, type Tx } from '@troncal/persistence';
import type { KpiRange } from '../kpis/kpi.repository.js';
import { tenantsDayOf } from '../kpis/tenants-day.js';
import { ASTERISK_ENVIRONMENT } from '../sheets/sheet-credentials.js';
import type { RegistrationWait } from './registration-wait.js';
import { RegistrationWaits, type SeenPhone } from './registration-waits.repository.js';

interface Row {
  readonly extension: string;
  readonly environment: string;
  readonly since: Date;
  readonly taken_by: 'person' | 'device';
  readonly seen_at: Date | null;
  readonly seen_by: 'register' | 'sign' | null;
}

const END: Prepared = {
  name: 'registrations.end',
  // Twilio's times are whole seconds: what it tells of 12:00:00 may have been at 12:00:00.9.
  text: `UPDATE registration_waits SET seen_at = $3, seen_by = $4
     WHERE tenant = $1 AND extension = $2 AND seen_at IS NULL AND since <= $3::timestamptz + CASE WHEN $4 = 'sign' THEN interval '1 second' ELSE interval '0' END AND since > $3::timestamptz - interval '1 day' AND (environment = '${ASTERISK_ENVIRONMENT}') = ($4 = 'register')`,
};

/** In PostgreSQL. */
@Injectable()
export class PgRegistrationWaits extends RegistrationWaits {
  constructor(private readonly db: Database) {
    super();
  }

  async begin(tx: Tx, tenant: string, waits: readonly Pick<RegistrationWait, 'environment' | 'extension' | 'since' | 'takenBy'>[]): Promise<void> {
    for (const { environment, extension, since, takenBy } of waits) {
      await tx.run('INSERT INTO registration_waits (tenant, environment, extension, since, taken_by) VALUES ($1, $2, $3, $4, $5) ON CONFLICT DO NOTHING', [tenant, environment, extension, since, takenBy]);
    }
  }

  async end(tx: Tx, { tenant, extension, at, by }: SeenPhone): Promise<void> {
    await tx.run(END, [tenant, extension, at, by]);
  }

  async list({ tenant, from, to }: KpiRange & { readonly tenant: string }): Promise<RegistrationWait[]> {
    const rows = await this.db.query<Row>(
      `SELECT extension, environment, since, taken_by, seen_at, seen_by FROM registration_waits
       WHERE tenant = $1 AND ${tenantsDayOf('since')} BETWEEN $2 AND $3 ORDER BY since, extension`,
      [tenant, from, to],
    );
    return rows.map(({ taken_by: takenBy, seen_at, seen_by, ...wait }) => ({ ...wait, takenBy, seenAt: seen_at ?? undefined, seenBy: seen_by ?? undefined }));
  }
}
