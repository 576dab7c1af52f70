import { isDeepStrictEqual } from 'node:util';
import { Injectable } from '@nestjs/common';
import { PLATFORM_TENANT } from '@troncal/contracts';
import { Database } from '@troncal/persistence';
import { agentSettingsSchema, type AgentProfile, type AgentSettings } from './agent-profile.js';
import type { AgentsRepository, StoredAgent } from './agents.repository.js';

interface Row {
  readonly tenant: string;
  readonly code: string;
  readonly version: number;
  readonly settings: unknown;
  readonly created_at: Date;
}

@Injectable()
export class PgAgentsRepository implements AgentsRepository {
  constructor(private readonly db: Database) {}

  async forCall(tenant: string, code: string): Promise<AgentProfile | undefined> {
    const [row] = await this.db.query<Row>(
      'SELECT * FROM agent_version WHERE code = $2 AND tenant IN ($1, $3) ORDER BY (tenant = $1) DESC, version DESC LIMIT 1',
      [tenant, code, PLATFORM_TENANT],
    );
    return row && stored(row).profile;
  }

  async version(tenant: string, code: string, version: number): Promise<AgentProfile | undefined> {
    const [row] = await this.db.query<Row>('SELECT * FROM agent_version WHERE tenant = $1 AND code = $2 AND version = $3', [tenant, code, version]);
    return row && stored(row).profile;
  }

  async latest(tenant: string, code: string): Promise<StoredAgent | undefined> {
    const [row] = await this.db.query<Row>('SELECT * FROM agent_version WHERE tenant = $1 AND code = $2 ORDER BY version DESC LIMIT 1', [tenant, code]);
    return row && stored(row);
  }

  async list(tenant: string | undefined): Promise<StoredAgent[]> {
    const rows = await this.db.query<Row>(
      'SELECT DISTINCT ON (tenant, code) * FROM agent_version WHERE $1::text IS NULL OR tenant IN ($1, $2) ORDER BY tenant, code, version DESC',
      [tenant ?? null, PLATFORM_TENANT],
    );
    return rows.map((row) => stored(row));
  }

  async put(tenant: string, code: string, settings: AgentSettings): Promise<StoredAgent> {
    return this.db.transaction(async (tx) => {
      // Two writers of the same agent take turns, so that versions have no gaps and no doubles.
      await tx.query('SELECT pg_advisory_xact_lock(hashtextextended($1, 0))', [`agent|${tenant}|${code}`]);
      const [newest] = await tx.query<Row>('SELECT * FROM agent_version WHERE tenant = $1 AND code = $2 ORDER BY version DESC LIMIT 1', [tenant, code]);
      if (newest !== undefined && isDeepStrictEqual(agentSettingsSchema.parse(newest.settings), settings)) return stored(newest);
      const [row] = await tx.query<Row>('INSERT INTO agent_version (tenant, code, version, settings) VALUES ($1, $2, $3, $4) RETURNING *', [
        tenant,
        code,
        (newest?.version ?? 0) + 1,
        JSON.stringify(settings),
      ]);
      return stored(row!);
    });
  }
}

function stored(row: Row): StoredAgent {
  return { profile: { ...agentSettingsSchema.parse(row.settings), tenant: row.tenant, code: row.code, version: row.version }, createdAt: row.created_at };
}
