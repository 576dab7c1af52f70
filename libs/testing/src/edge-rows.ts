import { createHash } from 'node:crypto';
import { createLogger } from '@troncal/observability';
import { Database } from '@troncal/persistence';
import type { TestDatabase } from './postgres-server.js';

export const REALM = 'troncal';

/** Rows as ari-gateway would write them: what stands behind the views that Asterisk reads. */
export class EdgeRows {
  private readonly database: Database;

  constructor(target: TestDatabase) {
    this.database = new Database({
      url: target.ownerUrl,
      schema: target.schema,
      logger: createLogger({ service: 'testing', level: 'silent' }),
      applicationName: 'edge specs',
      poolSize: 1,
      connectTimeoutMs: 5_000,
    });
  }

  async tenant(tenant: string, language = 'es'): Promise<void> {
    await this.database.query(
      `INSERT INTO tenants (tenant, name, country, language, time_zone, revision) VALUES ($1, $1, 'CL', $2, 'America/Santiago', 1) ON CONFLICT DO NOTHING`,
      [tenant, language],
    );
  }

  async endpoint(tenant: string, extension: string, password: string, queues: readonly string[] = []): Promise<void> {
    const user = `${tenant}_${extension}`;
    await this.database.query(
      `INSERT INTO endpoints (tenant, extension, sip_user, display_name, role, queues, revision, credential_revision, ha1, realm, ha1_revision)
       VALUES ($1, $2, $3, $4, 'office', $5, 1, 1, $6, $7, 1)`,
      [tenant, extension, user, `Phone "${extension}" <x>; y`, queues, ha1(user, password), REALM],
    );
  }

  async password(user: string, password: string): Promise<void> {
    await this.database.query('UPDATE endpoints SET ha1 = $2 WHERE sip_user = $1', [user, ha1(user, password)]);
  }

  async remove(user: string): Promise<void> {
    await this.database.query('UPDATE endpoints SET removed = true WHERE sip_user = $1', [user]);
  }

  async trunk(name: string, address: string): Promise<void> {
    await this.database.query(`INSERT INTO trunks (name, tenant, host, port, match) VALUES ($1, '_', $2, 5060, ARRAY[$2])`, [name, address]);
  }

  async number(number: string, tenant: string): Promise<void> {
    await this.database.query(`INSERT INTO numbers (number, tenant, route, revision) VALUES ($1, $2, 'main', 1)`, [number, tenant]);
  }

  close(): Promise<void> {
    return this.database.close();
  }
}

function ha1(user: string, password: string): string {
  return createHash('md5').update(`${user}:${REALM}:${password}`).digest('hex');
}
